"""The address of one's own calendar: made, put in another's place, switched off.

A button names the address that it was shown with, so that an old page or a double tap takes no newer one away.
"""

from flask import current_app, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.settings import blueprint
from app.extensions import db
from app.services.accounts.calendar_address import address_of, make_address, switch_off
from app.web.access import signed_in
from app.web.brake import braked
from app.web.calendar_links import calendar_path
from app.web.htmx import go_to
from app.web.identity import viewer


def calendar_section() -> dict[str, str]:
    """What the page says about it; empty where there is none."""
    address = address_of(viewer())
    if address is None:
        return {"calendar_serial": "", "calendar_url": "", "calendar_link": ""}
    url = str(current_app.config["BASE_URL"]) + calendar_path(address.serial)
    # What a device's own calendar program listens to.
    link = f"webcal://{url.partition('://')[2]}"
    return {"calendar_serial": address.serial, "calendar_url": url, "calendar_link": link}


@blueprint.post("/settings/calendar")
@signed_in
@braked(1, limited_too=True)
def make_calendar() -> Response:
    return _done(_make(""), _("Your calendar has an address."))


@blueprint.post("/settings/calendar/<serial>/replacement")
@signed_in
@braked(1, limited_too=True)
def replace_calendar(serial: str) -> Response:
    return _done(_make(serial), _("Your calendar has a new address. Add it again where you want it."))


@blueprint.post("/settings/calendar/<serial>/revocation")
@signed_in
@braked(1, limited_too=True)
def switch_calendar_off(serial: str) -> Response:
    return _done(
        switch_off(viewer(), serial), _("The calendar is switched off. Its address leads nowhere any more.")
    )


def _make(instead_of: str) -> bool:
    return make_address(viewer(), instead_of=instead_of, now=clock.now())


def _done(has_changed: bool, words: str) -> Response:
    db.session.commit()
    if has_changed:
        flash(words)
    else:
        flash(_("The address was changed in the meantime. Here is how it is now."), "error")
    return go_to("settings.index", _anchor="calendar")
