"""What was released of a stage's survey, for everybody."""

from flask import abort, render_template
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.blueprints.survey import blueprint
from app.blueprints.survey.results_story import (
    balance_heading,
    headline,
    indices_heading,
    own_place,
    sized,
)
from app.models.stage import Stage
from app.models.survey import Survey
from app.services.survey.comparison import balance_beside, indices_beside
from app.services.survey.opening import next_opening, opening_of
from app.services.survey.publication import Cell, Published, published
from app.web.access import signed_in
from app.web.catalogue import catalogue


@blueprint.get("/survey/results/<int:number>")
@signed_in
def results(number: int) -> str:
    """Words, balance and indices beside those of the stage before; or why there is nothing to see yet."""
    stage = Stage.numbered(number) or abort(404)
    survey = Survey.of_stage(number)
    released = published("survey.results", stage)
    if survey is None or released is None:
        today = catalogue().today(clock.now())
        return render_template(
            "survey/results_none.html",
            stage=stage,
            survey=survey,
            opens_on=opening_of(stage, today),
            today=today,
        )
    return _page(released, published("survey.results", catalogue().stage_before(stage)), survey)


def _page(released: Published, before: Published | None, survey: Survey) -> str:
    place = catalogue().municipalities[current_user.glance.municipality_id]
    balance, first_words = balance_beside(released, before), headline(released)
    today = catalogue().today(clock.now())
    return render_template(
        "survey/results.html",
        released=released,
        before=before,
        last_day=survey.last_day,
        headline=first_words,
        words=sized(released),
        balance=balance,
        balance_heading=balance_heading(balance, before),
        indices=indices_beside(released, before),
        indices_heading=_("The three indices") if first_words.is_of_indices else indices_heading(released),
        own=own_place(released, before, place),
        places_of=_places,
        opens_on=next_opening(today),
        today=today,
    )


def _places(cell: Cell) -> list[str]:
    """The names of its municipalities, in the programme's order."""
    return [place.name for place in catalogue().municipalities.values() if place.slug in cell.slugs]
