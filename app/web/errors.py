"""Error pages: what happened and what one can do, with nothing lost that was written."""

from contextlib import suppress

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from app.extensions import db, limiter
from app.web.access import form_page, to_sign_in
from app.web.error_words import (
    Words,
    away,
    lost_bearings,
    still_here,
    words_for_closed,
    words_for_form,
    words_for_limited,
    words_for_status,
    words_for_written,
)
from app.web.htmx import wants_fragment
from app.web.limited import LimitedError, say_to_script
from app.web.logs import path_for_log
from app.web.outages import DATABASE_ERRORS, RETRY_AFTER, what_is_away, without_viewer
from app.web.written import ClosedMeanwhileError, Written, labels, written

log = structlog.get_logger()

#: Errors after which there is no form to go back to: what was written in it stands on their page.
_NO_WAY_BACK = frozenset({403, 404, 410})


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)


def _csrf(error: CSRFError) -> AnyResponse:
    """The token belongs to the session. Whoever has lost the session signs in again and finds the text in the form."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not current_user.is_authenticated and getattr(view, "access_rule", "public") != "public":
        return to_sign_in()
    return _answer(400, words_for_form(error))


def _http(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        return _crash(error.original_exception)  # raised after the route had answered
    if isinstance(error, LimitedError):
        answer = _answer(403, words_for_limited(error))
        say_to_script(answer, error.description or "")
        return answer
    if isinstance(error, ClosedMeanwhileError):
        return _answer(410, words_for_closed(error), error)
    return _answer(error.code, words_for_status(error.code))


def _crash(error: Exception) -> AnyResponse:
    what = what_is_away(error)
    if not what and (request.environ.get("werkzeug.debug") or current_app.config["PROPAGATE_EXCEPTIONS"]):
        raise error
    log.exception("away" if what else "crash", path=path_for_log(), what=what)
    without_viewer()
    with suppress(*DATABASE_ERRORS):
        db.session.rollback()
    if not what:
        return _answer(500, lost_bearings())
    answer = _answer(503, away())
    answer.headers.update({"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})
    limiter.context.view_rate_limit = None  # or the route's own limit would say when to come back
    return answer


def _answer(status: int, words: Words, closed: ClosedMeanwhileError | None = None) -> Response:
    """A page for people who look at one, with what they wrote if it has no form any more, since it is about what has
    `closed`. For scripts, which have their own page, only the sentence: the form still stands there."""
    if request.is_json:
        return make_response(jsonify(error=words.text), status)
    texts = written() if status in _NO_WAY_BACK else []
    words = words_for_written(status, words) if texts else words
    if wants_fragment() or request.headers.get("X-Requested-With") == "fetch":
        answer = make_response(render_template("errors/_error.html", text=words.text), status)
        if texts:
            say_to_script(answer, words.text + " " + still_here())
        return answer
    return _page(status, words, texts, closed)


def _page(status: int, words: Words, texts: list[Written], closed: ClosedMeanwhileError | None) -> Response:
    page = render_template(
        "errors/error.html",
        status=status,
        heading=words.heading,
        text=words.text,
        back=form_page() if status not in _NO_WAY_BACK else "",
        written=texts,
        closed=closed,
        labels=labels() if closed else {},
    )
    answer = make_response(page, status)
    if texts:
        answer.headers["Cache-Control"] = "no-store"
    return answer
