"""What the pages of a stage's lessons have in common."""

from datetime import date

from flask import abort

from app import clock
from app.models.stage import Phase, Stage
from app.web.catalogue import catalogue


def stage_numbered(number: int) -> Stage:
    """404 when there is none."""
    return next((stage for stage in catalogue().stages if stage.number == number), None) or abort(404)


def stage_after(stage: Stage) -> Stage | None:
    return next((one for one in catalogue().stages if one.number > stage.number), None)


def has_begun_to_learn(stage: Stage) -> bool:
    """From then on there are lessons to draft."""
    return stage.phase(today()) in (Phase.LEARN, Phase.ENDED)


def today() -> date:
    return catalogue().today(clock.now())
