"""The demonstration's lessons: those of the first stage are chosen by its coordinators and published by the lead before
it ends, through the services."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from app.extensions import db
from app.models.person import Person, Role
from app.models.stage import Stage
from app.services.stages.lesson_draft import draft_lessons
from app.services.stages.lesson_editing import LessonWords, edit
from app.services.stages.lesson_publishing import publish_lessons, tell_everybody
from app.services.stages.lessons import lessons_of_stage

_FILE: Final = Path(__file__).with_name("lessons.toml")
#: So long before the last day.
_BEFORE_THE_END: Final = timedelta(days=3)


def lessons(people: list[Person], stage: Stage, zone: str) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """Of that stage, which is over."""
    morning = datetime.combine(stage.end_on - _BEFORE_THE_END, time(9), ZoneInfo(zone)).astimezone(UTC)
    yield morning, partial(_choose_and_publish, people, stage, morning)


def _choose_and_publish(people: list[Person], stage: Stage, now: datetime) -> None:
    """The draft was made as the stage began to learn; by now more has been reported."""
    coordinators = [person for person in people if person.is_a(Role.COORDINATOR)]
    lead = next(person for person in people if person.is_office)
    draft_lessons(stage, now)
    story = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    for number, lesson in enumerate(lessons_of_stage(stage).chosen):
        change = story["changes"].get(lesson.heading, story["otherwise"]["change"])
        words = LessonWords(lesson.heading, lesson.rest, change)
        edit(lesson, words, by=coordinators[number % len(coordinators)], now=now, based_on=None)
    publish_lessons(stage, by=lead, now=now)
    tell_everybody(now, commit=db.session.commit)
