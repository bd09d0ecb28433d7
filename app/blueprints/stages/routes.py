"""The journey: the stage that we are in, and all of them."""

from flask import abort, render_template

from app import clock
from app.blueprints.stages import blueprint
from app.models.stage import Stage, stages
from app.services.people.counts import participants
from app.services.stages.timeline import journey, last_day
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.identity import viewer


@blueprint.get("/stages")
@signed_in
def index() -> str:
    """The stage that people act in now."""
    every = stages()
    if not every:
        return render_template("stages/none.html")
    today = catalogue().today(clock.now())
    begun = [stage for stage in every if stage.measure_on <= today]
    return _page(begun[-1] if begun else every[0], every)


@blueprint.get("/stages/<int:number>")
@signed_in
def show(number: int) -> str:
    every = stages()
    stage = next((stage for stage in every if stage.number == number), None) or abort(404)
    return _page(stage, every)


def _page(stage: Stage, every: list[Stage]) -> str:
    today = catalogue().today(clock.now())
    return render_template(
        "stages/show.html",
        stage=stage,
        stages=every,
        way=journey(stage, viewer(), today),
        last_day=last_day,
        today=today,
        participants=participants(),
    )
