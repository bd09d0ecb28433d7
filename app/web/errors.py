"""Error pages: what happened and what one can do, with nothing lost that was written."""

import structlog
from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.extensions import db
from app.web.access import form_page, to_sign_in

log = structlog.get_logger()

#: Errors after which there is no form to go back to.
_NOTHING_SENT = frozenset({403, 404})


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)


def _csrf(_error: CSRFError) -> Response | tuple[str, int]:
    """The token belongs to the session. Whoever has lost the session signs in again and finds the text in the form."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not current_user.is_authenticated and getattr(view, "access_rule", "public") != "public":
        return to_sign_in()
    return _error_page(
        400, _("The page had been open too long"), _("Your text is saved. Go back and send it again.")
    )


def _http(error: HTTPException) -> Response | tuple[str, int]:
    if error.code is None or error.code < 400:
        return error.get_response()
    words = {
        403: (
            _("You cannot get in here"),
            _("The page is for another role than yours. Do you need it? Ask your coordinator."),
        ),
        404: (_("Nothing here"), _("The page has moved, or it is not yours to see.")),
        413: (_("Too much at once"), _("Each picture may be at most 40 MB. Send fewer at a time.")),
        429: (
            _("Slow down a little"),
            _("That was many tries in a short time. Wait a few minutes and try again."),
        ),
    }
    heading, text = words.get(
        error.code, (_("That did not work"), _("Go back and try again. Your text is saved."))
    )
    return _error_page(error.code, heading, text)


def _crash(error: Exception) -> tuple[str, int]:
    if request.environ.get("werkzeug.debug") or _propagates():
        raise error
    db.session.rollback()
    log.exception("crash", path=request.path)
    busy = isinstance(error, OperationalError)
    return _error_page(
        503 if busy else 500, _("We lost our bearings"), _("It is us, not you. Your text is saved.")
    )


def _error_page(status: int, heading: str, text: str) -> tuple[str, int]:
    back = form_page() if status not in _NOTHING_SENT else ""
    return render_template("errors/error.html", status=status, heading=heading, text=text, back=back), status


def _propagates() -> bool:
    return bool(current_app.config.get("PROPAGATE_EXCEPTIONS"))
