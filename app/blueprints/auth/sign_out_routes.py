"""Signing out, on this device or on all."""

from werkzeug.wrappers import Response

from app import clock
from app.blueprints.auth import blueprint
from app.extensions import db
from app.services.accounts.devices import end_all_sessions, end_session
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
    db.session.commit()
    sign_out()
    response = go_to("auth.login")
    response.headers["Clear-Site-Data"] = _CLEARED_DATA
    return response
