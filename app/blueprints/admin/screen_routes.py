"""The address of the screens in lobbies: made, put in another's place, revoked.

A button names the address that it was shown with, so that an old page or a double tap takes no newer one away.
"""

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.admin import blueprint
from app.extensions import db
from app.models.person import Role
from app.services.publishing.lobby_address import make_address, revoke_address
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/admin/screen")
@role(Role.LEAD)
@braked(1)
def make_screen() -> Response:
    return _done(_make(""), _("The screen has an address. Open it in the screen’s browser."))


@blueprint.post("/admin/screen/<secret>/replacement")
@role(Role.LEAD)
@braked(1)
def replace_screen(secret: str) -> Response:
    return _done(_make(secret), _("There is a new address. Open it in the browser of each screen."))


@blueprint.post("/admin/screen/<secret>/revocation")
@role(Role.LEAD)
@braked(1)
def revoke_screen(secret: str) -> Response:
    return _done(revoke_address(secret), _("The address is revoked. The screens go dark within a minute."))


def _make(instead_of: str) -> bool:
    return make_address(instead_of=instead_of, by=viewer(), now=clock.now())


def _done(has_changed: bool, words: str) -> Response:
    db.session.commit()
    if has_changed:
        flash(words)
    else:
        flash(_("Somebody has changed the address in the meantime. Here is how it is now."), "error")
    return go_to("admin.index", _anchor="screen")
