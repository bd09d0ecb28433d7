"""The lessons of a stage are published once, and then everybody is told: by the worker, in portions."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.extensions import db
from app.models.lesson import LessonSet, wait_for_lessons
from app.models.person import Person
from app.models.stage import Stage
from app.services.notifications import playbook
from app.services.notifications.notify import notify
from app.services.stages.lessons import lessons_of_stage

#: People told in one transaction, so that nobody who writes meanwhile waits long.
_PORTION: Final = 1000


class NothingChosenError(ValueError):
    """No lesson is chosen, or all that were are hidden."""


def publish_lessons(stage: Stage, *, by: Person, now: datetime) -> bool:
    """Show them to everybody; False when they are published already. The worker tells of it (`tell_everybody`).

    Raises:
        NothingChosenError: when there is nothing to show.
    """
    lessons = wait_for_lessons(stage.id)
    if lessons is None or not lessons_of_stage(stage).chosen:
        raise NothingChosenError
    if lessons.published_at:
        return False
    lessons.published_at, lessons.published_by_id = now, by.id
    db.session.flush()
    return True


def tell_everybody(now: datetime, *, commit: Callable[[], None]) -> int:
    """Tell of each stage whose lessons have been published since this ran last; nobody twice, also when two workers do
    it, or one dies on the way. Returns how many people have been told."""
    step, count = playbook.step_named("lessons"), 0
    untold = select(LessonSet).where(LessonSet.published_at.is_not(None), LessonSet.told_at.is_(None))
    for lessons in db.session.scalars(untold.order_by(LessonSet.stage_id)).all():
        stage = lessons.stage
        for person_ids in _portions():
            count += notify(
                person_ids,
                step.kind,
                key=f"stage:{stage.number}:{step.name}",
                url=playbook.url_of(step, stage),
                parameters=playbook.parameters_of(step, stage),
                now=now,
            )
            commit()
        lessons.told_at = now
        commit()
    return count


def _portions() -> Iterator[list[int]]:
    """Everybody who is there, by number."""
    last = 0
    present = select(Person.id).where(Person.is_present).order_by(Person.id).limit(_PORTION)
    while person_ids := list(db.session.scalars(present.where(Person.id > last))):
        yield person_ids
        last = person_ids[-1]
