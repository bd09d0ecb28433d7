"""Whoever is thanked takes it off their page, and puts it there again."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.thanks import blueprint
from app.extensions import db
from app.models.thanks import Thanks
from app.services.conversation.thanks import put_away, put_back_on_page
from app.services.conversation.thanks_read import thanks_for
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/thanks/<int:number>/absence")
@signed_in
@braked(1, limited_too=True)
def take_off_page(number: int) -> Response:
    thanks = _own(number)
    put_away(thanks, now=clock.now())
    db.session.commit()
    flash(_("It is off your page. You can still read it here."))
    return _back(thanks)


@blueprint.post("/thanks/<int:number>/presence")
@signed_in
@braked(1, limited_too=True)
def put_on_page(number: int) -> Response:
    thanks = _own(number)
    put_back_on_page(thanks)
    db.session.commit()
    flash(_("Saved."))
    return _back(thanks)


def _own(number: int) -> Thanks:
    return thanks_for(number, viewer()) or abort(404)


def _back(thanks: Thanks) -> Response:
    return go_to("thanks.to_person", person_id=thanks.to_id, _anchor=f"thanks-{thanks.id}")
