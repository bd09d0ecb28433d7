"""The journey: the current stage, or any other; and how it went, once it has ended."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for

from app import clock
from app.blueprints.stages import blueprint
from app.models.stage import Phase, Stage, current_among, stages
from app.services.insights.stage_end import stage_end
from app.services.people.counts import participants
from app.services.stages.lesson_call import lessons_call
from app.services.stages.measuring import measuring
from app.services.stages.timeline import MOST_OWN, days_until_next_phase, journey, last_day, phase_bars
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.expected import expected_now
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
    return _page(_numbered(number, all_stages), all_stages)


@blueprint.get("/stages/<int:number>/end")
@signed_in
def end(number: int) -> Any:
    """What we did together. As long as that goes on, the journey."""
    all_stages, today = stages(), catalogue().today(clock.now())
    stage = _numbered(number, all_stages)
    if stage.phase(today) != Phase.ENDED:
        return redirect(url_for("stages.show", number=number))
    return render_template(
        "stages/end.html",
        stage=stage,
        next_stage=next((one for one in all_stages if one.number > number), None),
        end=stage_end(stage, viewer(), today),
        last_day=last_day,
        person=viewer(),
        today=today,
    )


def _numbered(number: int, all_stages: list[Stage]) -> Stage:
    return next((stage for stage in all_stages if stage.number == number), None) or abort(404)


def _page(stage: Stage, all_stages: list[Stage]) -> str:
    today = catalogue().today(clock.now())
    survey = measuring(stage, viewer(), today, shown_by=str(request.endpoint))
    current = current_among(all_stages, today)
    return render_template(
        "stages/show.html",
        stage=stage,
        stages=all_stages,
        survey=survey,
        way=journey(stage, survey, viewer(), today),
        bars=phase_bars(stage, today),
        days_left=days_until_next_phase(stage, today),
        # Of another stage than the one that people act in, nothing is expected.
        expected=expected_now(viewer(), None, current, today) if current is stage else None,
        most_own=MOST_OWN,
        last_day=last_day,
        today=today,
        participants=participants(),
        lessons=lessons_call(stage, viewer(), today),
    )
