"""The lessons of a stage are published once, and then everybody is told: by the worker, in portions."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from sqlalchemy import select

from app.extensions import db
from app.models.lesson import LessonSet, wait_for_lessons
from app.models.person import Person, in_portions
from app.models.stage import Stage
from app.services.delivery.isolation import together_or_apart
from app.services.notifications import playbook
from app.services.notifications.notify import notify
from app.services.stages.lessons import lessons_of_stage

#: People told in one transaction, so that nobody who writes meanwhile waits long.
_PORTION: Final = 1000

log = structlog.get_logger()


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
    it, or one dies on the way. Whoever cannot be told keeps it from nobody else. Returns how many have been told."""
    count = 0
    untold = select(LessonSet).where(LessonSet.published_at.is_not(None), LessonSet.told_at.is_(None))
    for lessons in db.session.scalars(untold.order_by(LessonSet.stage_id)).all():
        for person_ids in in_portions(select(Person.id).where(Person.is_present), _PORTION):
            count += sum(together_or_apart(person_ids, partial(_tell, lessons.stage, now), _not_told))
            commit()
        lessons.told_at = now
        commit()
    return count


def _tell(stage: Stage, now: datetime, person_ids: Sequence[int]) -> list[int]:
    step = playbook.step_named("lessons")
    url, parameters = playbook.url_of(step, stage), playbook.parameters_of(step, stage)
    return [notify(person_ids, step.kind, key=step.key(stage), url=url, parameters=parameters, now=now)]


def _not_told(person_id: int, error: Exception) -> None:
    log.error("somebody could not be told of the lessons", person=person_id, exc_info=error)
