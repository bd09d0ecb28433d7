"""The journey: the current stage, or any other."""

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
    all_stages = stages()
    if not all_stages:
        return render_template("stages/none.html")
    today = catalogue().today(clock.now())
    begun_stages = [stage for stage in all_stages if stage.measure_on <= today]
    return _page(begun_stages[-1] if begun_stages else all_stages[0], all_stages)


@blueprint.get("/stages/<int:number>")
@signed_in
def show(number: int) -> str:
    all_stages = stages()
    stage = next((stage for stage in all_stages if stage.number == number), None) or abort(404)
    return _page(stage, all_stages)


def _page(stage: Stage, all_stages: list[Stage]) -> str:
    today = catalogue().today(clock.now())
    return render_template(
        "stages/show.html",
        stage=stage,
        stages=all_stages,
        way=journey(stage, viewer(), today),
        last_day=last_day,
        today=today,
        participants=participants(),
    )
