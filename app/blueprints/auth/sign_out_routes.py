"""Signing out, on this device or on all."""

from flask import current_app
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.auth import blueprint
from app.blueprints.auth.in_progress import forget_sign_in, this_browser
from app.extensions import db
from app.services.accounts.devices import end_all_sessions, end_session
from app.services.accounts.sign_in import void_codes
from app.web.access import signed_in
from app.web.htmx import go_to
from app.web.identity import device, sign_out, viewer

#: Clears the stored pages, the drafts and the service worker. Not the cookies: ours is empty by then, and the sign-in
#: form needs it.
_CLEARED_DATA = '"cache", "storage"'


@blueprint.post("/logout")
@signed_in
def logout() -> Response:
    end_session(device(), clock.now())
    return _to_sign_in()


@blueprint.post("/logout/all")
@signed_in
def logout_everywhere() -> Response:
    end_all_sessions(viewer(), clock.now())
    return _to_sign_in()


def _to_sign_in() -> Response:
    """No code of this browser works any longer: the next one at the keyboard may be somebody else."""
    void_codes(this_browser(), secret=current_app.config["SECRET_KEY"])
    db.session.commit()
    sign_out()
    response = go_to("auth.login")
    response.headers["Clear-Site-Data"] = _CLEARED_DATA
    return forget_sign_in(response)
