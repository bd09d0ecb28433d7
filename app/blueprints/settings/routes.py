"""A person's own settings: notifications and hours, appearance, and the devices that are signed in."""

from flask import abort, flash, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.settings import blueprint
from app.blueprints.settings.calendar_routes import calendar_section
from app.blueprints.settings.forms import SettingsForm
from app.extensions import db
from app.services.accounts.devices import device_of, devices_of, end_session
from app.services.accounts.preferences import change_preferences
from app.services.notifications.kinds import GROUPS
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import device, viewer, whole_viewer


@blueprint.get("/settings")
@signed_in
def index() -> str:
    return _page(SettingsForm.of(whole_viewer()))


@blueprint.post("/settings")
@signed_in
def change() -> Response | tuple[str, int]:
    """Save everything. The script sends the form at each change, and is answered only whether it was saved."""
    form = SettingsForm()
    if not form.validate_on_submit():
        if wants_fragment():
            return render_template("settings/_saved.html", form=form), 422
        return _page(form), 422
    looks_different = change_preferences(whole_viewer(), form.preferences(), clock.now())
    db.session.commit()
    if wants_fragment() and not looks_different:
        return render("settings/_saved.html", "settings/_saved.html", form=form)
    flash(gettext("Saved."))
    return go_to("settings.index")


@blueprint.post("/settings/devices/<int:number>/sign-out")
@signed_in
def sign_out_device(number: int) -> Response:
    """Sign out one of the viewer's devices; it gets no more pushes. A second time changes nothing."""
    other_device = device_of(viewer(), number) or abort(404)
    end_session(other_device, clock.now())
    db.session.commit()
    flash(gettext("Signed out there."))
    return go_to("settings.index")


def _page(form: SettingsForm) -> str:
    return render_template(
        "settings/index.html",
        form=form,
        groups=GROUPS,
        shows_people=catalogue().shows_people,
        is_shown=viewer().ranked,
        devices=devices_of(viewer()),
        this_device=device(),
        **calendar_section(),
    )
