"""Signing out, on this device or on all."""

from werkzeug.wrappers import Response

from app import clock
from app.blueprints.auth import blueprint
from app.extensions import db
from app.services.accounts.devices import end_all_sessions, end_session
from app.web.access import signed_in
from app.web.htmx import go_to
from app.web.identity import device, sign_out, viewer

#: The kept feed, drafts and the worker go. Cookies stay: ours is empty by then, and the next form needs it.
_FORGET = '"cache", "storage"'


@blueprint.post("/logout")
@signed_in
def logout() -> Response:
    end_session(device(), clock.now())
    return _gone()


@blueprint.post("/logout/all")
@signed_in
def logout_everywhere() -> Response:
    end_all_sessions(viewer(), clock.now())
    return _gone()


def _gone() -> Response:
    db.session.commit()
    sign_out()
    response = go_to("auth.login")
    response.headers["Clear-Site-Data"] = _FORGET
    return response
