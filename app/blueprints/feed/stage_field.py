"""The current stage and how far it has come, for the field at the top of the feed."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from app.models.stage import Phase
from app.services.stages.timeline import days_until_next_phase, phase_bars
from app.web.catalogue import Catalogue


class StageField(NamedTuple):
    """The stage today: its phase, the days until that ends, and how far each of the phases has come (0–100)."""

    number: int
    phase: Phase
    days_left: int
    begins: date
    progress: tuple[tuple[Phase, int], ...]


@lru_cache(maxsize=2)
def stage_field(programme: Catalogue, today: date) -> StageField | None:
    """None before there is a stage."""
    stage = programme.current_stage(today)
    if stage is None:
        return None
    progress = tuple((bar.phase, bar.share) for bar in phase_bars(stage, today))
    days_left = days_until_next_phase(stage, today)
    return StageField(stage.number, stage.phase(today), days_left, stage.measure_on, progress)
