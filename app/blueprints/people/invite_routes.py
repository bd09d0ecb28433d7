"""Inviting colleagues: a municipality's joining link, and the same as a QR code to print."""

import io

import segno
from flask import Response as FlaskResponse
from flask import abort, current_app, render_template, url_for

from app.blueprints.people import blueprint
from app.models.person import Role
from app.models.programme import Municipality, municipalities
from app.web.access import role
from app.web.identity import viewer


@blueprint.get("/people/invite")
@role(Role.COORDINATOR, Role.LEAD)
def invite() -> str:
    """The link of a coordinator's own municipality; for a lead, all links."""
    person = viewer()
    places = [place for place in municipalities() if person.moderates(place.id)]
    return render_template("people/invite.html", places=[(place, _link(place)) for place in places])


@blueprint.get("/join/<code>/qr.svg")
@role(Role.COORDINATOR, Role.LEAD)
def qr_code(code: str) -> FlaskResponse:
    place = Municipality.with_join_code(code)
    if place is None or not viewer().moderates(place.id):
        abort(404)
    drawing = io.BytesIO()
    segno.make(_link(place), error="m").save(
        drawing,
        kind="svg",
        scale=8,
        dark="#241a16",
        light="#fff",
        xmldecl=False,
        title=place.name,
        omitsize=True,
    )
    return FlaskResponse(drawing.getvalue(), mimetype="image/svg+xml")


def _link(place: Municipality) -> str:
    return str(current_app.config["BASE_URL"]) + url_for("auth.join_page", code=place.join_code)
