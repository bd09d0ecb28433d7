"""Which lessons a stage's page leads to: as it begins, those of the stage before it; as it learns, its own."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.models.person import Person, Role
from app.models.stage import Phase, Stage
from app.services.stages.lessons import are_published, latest_published

#: So long one still begins to act, and reads what others learned.
_BEGINS_TO_ACT: Final = timedelta(days=14)


@dataclass(frozen=True)
class LessonsCall:
    """`stage` is the one whose lessons they are; they wait for who chooses them when they are not `published`."""

    stage: Stage
    published: bool


def lessons_call(stage: Stage, viewer: Person, today: date) -> LessonsCall | None:
    """At most one query."""
    if stage.phase(today) in (Phase.LEARN, Phase.ENDED):
        return _its_own(stage, viewer)
    if today >= stage.activate_on + _BEGINS_TO_ACT:
        return None
    earlier = latest_published(stage)
    return LessonsCall(earlier, published=True) if earlier else None


def _its_own(stage: Stage, viewer: Person) -> LessonsCall | None:
    if are_published(stage):
        return LessonsCall(stage, published=True)
    return LessonsCall(stage, published=False) if viewer.is_a(Role.COORDINATOR, Role.LEAD) else None
