"""Coordinators choose the lessons of a stage, order them and edit their words; what they see may be old, so each change
says on which version it is based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.models.lesson import MOST_CHOSEN, LessonSet, StageLesson, is_chosen_lesson, wait_for_lessons
from app.models.notification import Kind
from app.models.person import Person
from app.services.activities.locking import ClosedError, OvertakenError
from app.services.notifications.notify import notify
from app.services.stages.lessons import lesson_of


@dataclass(frozen=True)
class LessonWords:
    """What the form asks for."""

    heading: str
    text: str
    change: str


def lift(lesson: StageLesson, *, by: Person, now: datetime, based_on: datetime | None) -> StageLesson | None:
    """Choose what is next in line, as the last one. When there are five already, it takes the last one's place, which
    is next in line then and returned.

    Raises:
        OvertakenError: when the choice or its order has been changed since `based_on`.
        ClosedError: when it has been hidden or withdrawn.
    """
    lessons, lesson = _wait(lesson, based_on)
    if lesson.place is not None:
        return None
    chosen = _chosen_beside(lesson)
    _note(lessons, by, now)
    if len(chosen) < MOST_CHOSEN:
        lesson.place = _free_place(lesson)
        return None
    last = chosen[-1]
    place, last.place = last.place, None
    db.session.flush()
    lesson.place = place
    return last


def take_out(lesson: StageLesson, *, by: Person, now: datetime, based_on: datetime | None) -> None:
    """Put it back in line. Its words stay.

    Raises:
        OvertakenError: when the choice or its order has been changed since `based_on`.
        ClosedError: when it has been hidden or withdrawn.
    """
    lessons, lesson = _wait(lesson, based_on)
    lesson.place = None
    _note(lessons, by, now)


def move(lesson: StageLesson, step: int, *, by: Person, now: datetime, based_on: datetime | None) -> None:
    """Let it change places with the one before (`step` is -1) or after it (1); at the end of the list nothing changes.

    Raises:
        OvertakenError: when the choice or its order has been changed since `based_on`.
        ClosedError: when it has been hidden or withdrawn.
    """
    lessons, lesson = _wait(lesson, based_on)
    chosen = _chosen_beside(lesson)
    if lesson not in chosen:
        return
    number = chosen.index(lesson) + step
    if not 0 <= number < len(chosen):
        return
    other = chosen[number]
    place, other_place = lesson.place, other.place
    # No two may have the same place, not even for a moment.
    lesson.place = None
    db.session.flush()
    other.place = place
    db.session.flush()
    lesson.place = other_place
    _note(lessons, by, now)


def edit(
    lesson: StageLesson, words: LessonWords, *, by: Person, now: datetime, based_on: datetime | None
) -> None:
    """Write its heading, text and what changes in the next stage. Whose words are edited is told, so that they see it
    before others do.

    Raises:
        OvertakenError: when somebody else has written in it since `based_on`.
        ClosedError: when it has been hidden or withdrawn.
    """
    lessons, lesson = _wait(lesson, None)
    before = LessonWords(lesson.heading, lesson.rest, lesson.change)
    if words == before:
        return  # a retry, or nothing was changed
    if based_on and lesson.changed_at != based_on:
        raise OvertakenError
    lesson.edited_heading, lesson.edited_text = words.heading, words.text
    if _says_what_the_tip_says(lesson):
        lesson.edited_heading = lesson.edited_text = None
    lesson.change, lesson.changed_at, lesson.changed_by_id = words.change, now, by.id
    lessons.changed_by_id = by.id
    if (words.heading, words.text) != (before.heading, before.text):
        _show_the_author(lesson, lessons, by, now)


def _wait(lesson: StageLesson, based_on: datetime | None) -> tuple[LessonSet, StageLesson]:
    """Make others wait, and read both as they are by now."""
    lessons = wait_for_lessons(lesson.stage_id)
    present = lesson_of(lesson.stage_id, lesson.id)
    if lessons is None or present is None:
        raise ClosedError("hidden or withdrawn")
    if based_on and lessons.changed_at != based_on:
        raise OvertakenError
    return lessons, present


def _note(lessons: LessonSet, by: Person, now: datetime) -> None:
    lessons.changed_at, lessons.changed_by_id = now, by.id
    db.session.flush()


def _chosen_beside(lesson: StageLesson) -> Sequence[StageLesson]:
    """The chosen ones of its kind that are shown, in order; it too, if it is one."""
    alike = (StageLesson.stage_id == lesson.stage_id, StageLesson.kind_of_tip == lesson.kind_of_tip)
    with_tips = select(StageLesson).join(StageLesson.tip).options(contains_eager(StageLesson.tip))
    chosen = with_tips.where(*alike, is_chosen_lesson()).order_by(StageLesson.place)
    return db.session.scalars(chosen).all()


def _free_place(lesson: StageLesson) -> int:
    """After all, also those that are hidden: they have their places again when they are shown."""
    alike = (StageLesson.stage_id == lesson.stage_id, StageLesson.kind_of_tip == lesson.kind_of_tip)
    return (db.session.scalar(select(func.max(StageLesson.place)).where(*alike)) or 0) + 1


def _says_what_the_tip_says(lesson: StageLesson) -> bool:
    edited = (lesson.edited_heading, lesson.edited_text)
    lesson.edited_heading = lesson.edited_text = None
    is_the_same = edited == (lesson.heading, lesson.rest)
    lesson.edited_heading, lesson.edited_text = edited
    return is_the_same


def _show_the_author(lesson: StageLesson, lessons: LessonSet, by: Person, now: datetime) -> None:
    """One notification for each lesson and day."""
    if lesson.tip.owner_id == by.id:
        return
    notify(
        [lesson.tip.owner_id],
        Kind.TIP,
        key=f"lesson:{lesson.id}",
        url=f"/stages/{lessons.stage.number}/lessons#lesson-{lesson.id}",
        parameters={
            "event": "edited",
            "contribution_id": lesson.tip_id,
            "title": lesson.heading,
            "name": by.name,
        },
        now=now,
    )
