"""Lessons of stage 2 in its learn phase, and a stage that comes after it."""

from datetime import UTC, date, datetime
from typing import Any

from app.extensions import db
from app.models.lesson import StageLesson
from app.models.person import Person
from app.models.stage import Stage
from app.models.tip import Tip, TipKind
from app.services.activities.cheer import cheer
from app.services.activities.tips import TIP_RELATIONS
from app.services.stages.lesson_draft import draft_lessons
from app.services.stages.lesson_publishing import publish_lessons
from app.services.stages.lessons import lessons_of_stage
from tests.factories import NOW, make_person, make_tip, stage

#: A morning in the learn phase of stage 2.
LEARNING = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


def make_helpful(author: Person, cheers: int = 1, **over: Any) -> Tip:
    """A tip of stage 2 that has helped so many."""
    tip = make_tip(author, **over)
    for _ in range(cheers):
        cheer(tip, make_person(), now=NOW)
    db.session.commit()
    return tip


def draft(number: int = 2, now: datetime = LEARNING) -> list[StageLesson]:
    """The chosen ones of the draft, in order."""
    draft_lessons(stage(number), now)
    db.session.commit()
    return chosen(number)


def chosen(number: int = 2) -> list[StageLesson]:
    return lessons_of_stage(stage(number)).chosen


def texts(number: int = 2) -> list[str]:
    return [lesson.tip.text for lesson in chosen(number)]


def in_line(number: int = 2) -> list[str]:
    return [lesson.tip.text for lesson in lessons_of_stage(stage(number)).in_line]


def publish(by: Person, number: int = 2, now: datetime = LEARNING) -> None:
    publish_lessons(stage(number), by=by, now=now)
    db.session.commit()


def make_two(author: Person) -> tuple[StageLesson, StageLesson]:
    """A success and a pitfall of that author in the draft of stage 2."""
    make_helpful(author, text="Ta med skolan. En klass städar stranden på en timme.")
    make_helpful(author, kind=TipKind.PITFALL, text="Boka inte en lördag. Hälften uteblev.")
    success, pitfall = draft()
    return success, pitfall


def make_third_stage() -> Stage:
    third = Stage(
        number=3, name={"sv": "Bli förebild"}, theme={"sv": "Vi sprider det."}, measure_on=date(2027, 2, 1),
        activate_on=date(2027, 2, 15), learn_on=date(2027, 5, 8), end_on=date(2027, 5, 29),
    )  # fmt: skip
    db.session.add(third)
    db.session.commit()
    return third


def tip_of(lesson: StageLesson) -> Tip:
    """What moderation and its author know it as."""
    return db.session.get_one(Tip, lesson.tip_id, options=TIP_RELATIONS)
