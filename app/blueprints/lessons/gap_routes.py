"""A lead makes a challenge of what a stage left empty."""

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.lessons import blueprint
from app.blueprints.lessons.page import stage_numbered, today
from app.extensions import db
from app.models.person import Role
from app.models.stage import Stage
from app.services.stages.gaps import (
    CallToFill,
    NoGapError,
    NoStageToComeError,
    Place,
    accept_gap,
    gaps_of,
    stage_to_act_in,
)
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import CatalogueFocusArea, CatalogueMunicipality, CatalogueValue, catalogue
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import viewer
from app.web.language import local_text
from app.web.paging import row_number


@blueprint.post("/stages/<int:number>/lessons/gaps")
@role(Role.LEAD)
@braked(4)
def accept(number: int) -> Response:
    stage, place = stage_numbered(number), _place()
    words = _words(stage, place)
    try:
        challenge_id = accept_gap(stage, place, words, by=viewer(), now=clock.now(), today=today()).id
    except (NoGapError, NoStageToComeError):
        db.session.rollback()
        flash(_("Nothing is missing there any more."), "error")
        return go_to("lessons.edit", number=number, _anchor="gaps")
    db.session.commit()
    if wants_fragment():
        return render(
            "lessons/_gaps.html",
            "lessons/_gaps.html",
            stage=stage,
            gaps=gaps_of(stage),
            to_act_in=stage_to_act_in(stage, today()),
            made=challenge_id,
        )
    flash(_("The challenge is made. It opens when the stage begins to act."))
    return go_to("lessons.edit", number=number, _anchor="gaps")


def _place() -> Place:
    """The square that the button names, and the municipality if it is for one; 404 for what does not exist."""
    value, area, municipality = (
        row_number(request.form.get(name)) for name in ("value", "focus_area", "municipality")
    )
    known = value in catalogue().values and area in catalogue().focus_areas
    if not known or (municipality and municipality not in catalogue().municipalities):
        abort(404)
    return Place(value or 0, area or 0, municipality)


def _words(stage: Stage, place: Place) -> CallToFill:
    value: CatalogueValue = catalogue().values[place.value_id]
    area: CatalogueFocusArea = catalogue().focus_areas[place.focus_area_id]
    here: CatalogueMunicipality | None = catalogue().municipalities.get(place.municipality_id or 0)
    names = {"value": local_text(value.name), "area": local_text(area.name)}
    if here:
        why = _("In stage %(number)s nothing was carried out here in %(place)s. Others have, so there is something to "
                "borrow.", number=stage.number, place=here.name)  # fmt: skip
    else:
        why = _("In stage %(number)s nobody carried anything out here. One hour, three people and one date are "
                "enough to be first.", number=stage.number)  # fmt: skip
    return CallToFill(
        title=_("Try something %(value)s: %(area)s", value=names["value"].lower(), area=names["area"]),
        why=why,
        done_when=[_("Something has been carried out together with somebody else"),
                   _("You have told what worked, or which trap you met")],
    )  # fmt: skip
