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
    words_for_form,
    words_for_limited,
    words_for_status,
)
from app.web.htmx import wants_fragment
from app.web.limited import LimitedError, say_to_script
from app.web.logs import path_for_log
from app.web.outages import DATABASE_ERRORS, RETRY_AFTER, what_is_away, without_viewer

log = structlog.get_logger()

#: Errors after which there is no form to go back to.
_NOTHING_SENT = frozenset({403, 404})


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
    if not isinstance(error, LimitedError):
        return _answer(error.code, words_for_status(error.code))
    answer = _answer(403, words_for_limited(error))
    say_to_script(answer, error.description or "")
    return answer


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


def _answer(status: int, words: Words) -> Response:
    """A page for people who look at one; for scripts, which have their own page, only the sentence."""
    if request.is_json:
        return make_response(jsonify(error=words.text), status)
    if wants_fragment() or request.headers.get("X-Requested-With") == "fetch":
        return make_response(render_template("errors/_error.html", text=words.text), status)
    back = form_page() if status not in _NOTHING_SENT else ""
    page = render_template(
        "errors/error.html", status=status, heading=words.heading, text=words.text, back=back
    )
    return make_response(page, status)
