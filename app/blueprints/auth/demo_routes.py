"""Signing in to a demonstration: one button for each role."""

from flask import abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.auth import blueprint
from app.blueprints.auth.device_label import device_label
from app.extensions import db
from app.models.person import Role
from app.services.people.membership import first_with
from app.web.access import public
from app.web.htmx import go_to
from app.web.identity import sign_in
from app.web.local_path import local_path


@blueprint.post("/login/demo")
@public
def demo() -> Response:
    """Sign in as the first person in the role. Exists in demo mode only."""
    if not current_app.config["SETTINGS"].demo:
        abort(404)
    role = request.form.get("role", "")
    if role not in set(Role):
        abort(400)
    person = first_with(Role(role))
    if person is None:
        flash(_("Nobody has that role yet. Load the demonstration data first."), "error")
        return go_to("auth.login")
    sign_in(person, device_label(request.user_agent.string), clock.now())
    db.session.commit()
    return redirect(local_path(request.form.get("next")), 303)
