"""The journey: the current stage, or any other."""

from flask import abort, render_template, request

from app import clock
from app.blueprints.stages import blueprint
from app.models.stage import Stage, current_among, stages
from app.services.people.counts import participants
from app.services.stages.lesson_call import lessons_call
from app.services.stages.measuring import measuring
from app.services.stages.timeline import journey, last_day
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.identity import viewer


@blueprint.get("/stages")
@signed_in
def index() -> str:
    """The stage that people act in now."""
    all_stages = stages()
    current = current_among(all_stages, catalogue().today(clock.now()))
    return _page(current, all_stages) if current else render_template("stages/none.html")


@blueprint.get("/stages/<int:number>")
@signed_in
def show(number: int) -> str:
    all_stages = stages()
    stage = next((stage for stage in all_stages if stage.number == number), None) or abort(404)
    return _page(stage, all_stages)


def _page(stage: Stage, all_stages: list[Stage]) -> str:
    today = catalogue().today(clock.now())
    survey = measuring(stage, viewer(), today, shown_by=str(request.endpoint))
    return render_template(
        "stages/show.html",
        stage=stage,
        stages=all_stages,
        survey=survey,
        way=journey(stage, survey, viewer(), today),
        last_day=last_day,
        today=today,
        participants=participants(),
        lessons=lessons_call(stage, viewer(), today),
    )
