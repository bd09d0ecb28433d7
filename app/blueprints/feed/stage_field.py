"""The current stage and how far it has come, for the field at the top of the feed."""

from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from app.models.stage import PHASE_DATES, Phase, Stage
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
    ends = [stage.begins(phase) for phase, _column in PHASE_DATES if stage.begins(phase) > today]
    days_left = (ends[0] - today).days if ends else 0
    return StageField(stage.number, stage.phase(today), days_left, stage.measure_on, _progress(stage, today))


def _progress(stage: Stage, today: date) -> tuple[tuple[Phase, int], ...]:
    return tuple(
        (phase, _share(stage.begins(phase), stage.begins(after), today))
        for (phase, _begins), (after, _ends) in pairwise(PHASE_DATES)
    )


def _share(begins: date, ends: date, today: date) -> int:
    if today >= ends:
        return 100
    # A phase may be skipped: then it begins and ends on the same day.
    return max(0, 100 * (today - begins).days // max(1, (ends - begins).days))
