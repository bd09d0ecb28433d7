"""Questions about points: whoever has an entry asks, and the coordinators where it counts answer, or a lead.

With the answer an entry may be reversed, once: by an entry of its own, in the stage and place of the first, so that a
board which is closed stays as it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from app.extensions import UTCDateTime, db
from app.models.contribution import wait_for_turn
from app.models.ledger import PointEntry
from app.models.notification import Kind
from app.models.paging import Page, page_of_prepared
from app.models.person import NamedPerson, Person, Role
from app.models.point_question import PointQuestion
from app.services.notifications.notify import notify
from app.services.points.history import Line, lines_of
from app.services.points.ledger import CORRECTED, Earner, append, correction, entry, wait_for_ledger
from app.services.points.reversals import reversals

#: A place before all others, where the first page begins.
_BEFORE_ALL: Final = (datetime.min.replace(tzinfo=UTC), 0)
_ABOUT_ENTRY: Final = (
    select(PointQuestion).where(PointQuestion.entry_id == bindparam("entry_id")).order_by(PointQuestion.id)
)


class AlreadyAskedError(Exception):
    """A question about it is open already."""


class AlreadyAnsweredError(Exception):
    """Somebody else was quicker."""


class NotReversibleError(Exception):
    """Something has happened to the points in the meantime, so that there is nothing to reverse."""


class Asked(NamedTuple):
    """A question that waits."""

    id: int
    entry_id: int
    text: str
    asked_at: datetime


@dataclass(frozen=True)
class Waiting:
    """A question with what its card shows. `reversal` is what reversing would take, as a negative number; 0 when
    that cannot be done."""

    question: Asked
    line: Line
    asker: NamedPerson
    reversal: int


def questions_about(entry_id: int) -> list[PointQuestion]:
    """Oldest first."""
    return list(db.session.scalars(_ABOUT_ENTRY, {"entry_id": entry_id}))


def ask(line: Line, by: Person, words: str, now: datetime) -> PointQuestion:
    """Ask about an entry of one's own, and tell those who can answer.

    Raises:
        AlreadyAskedError: a question about it is open.
    """
    question = PointQuestion(entry_id=line.id, text=words, asked_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(question)
    except IntegrityError as error:
        raise AlreadyAskedError from error
    _tell_who_can_answer(question, line, by, now)
    return question


def waiting(viewer: Person, last: tuple[datetime, int] | None = None) -> Page[Waiting]:
    """Longest waiting first. `last` is the moment and number of the last one seen."""
    since, number = last or _BEFORE_ALL
    parameters = {**_parameters(viewer), "since": since, "number": number}
    found = page_of_prepared(_queue(everywhere=viewer.moderated_municipality_ids is None), parameters)
    numbers = [row.entry_id for row in found.items]
    may_take = reversals(numbers)
    lines = {line.id: line for line in lines_of(numbers)}
    items = [
        Waiting(Asked(*row[:4]), lines[number], NamedPerson(*row[4:]), may_take.get(number, 0))
        for number, row in zip(numbers, found.items, strict=True)
    ]
    return Page(items, found.has_more)


def how_many_questions_wait(viewer: Person) -> int:
    query = length(everywhere=viewer.moderated_municipality_ids is None)
    return db.session.connection().scalar(query, _parameters(viewer)) or 0


def answerable(question_id: int, viewer: Person) -> PointQuestion | None:
    """The question if the viewer may answer it, whether somebody has or not."""
    within = select(PointQuestion).join(PointEntry, PointEntry.id == PointQuestion.entry_id)
    may_answer = _may_answer(everywhere=viewer.moderated_municipality_ids is None)
    query = within.where(PointQuestion.id == question_id, *may_answer)
    return db.session.scalar(query, _parameters(viewer))


def answer(question: PointQuestion, by: Person, words: str, reverse: bool, now: datetime) -> None:
    """Answer it, and with `reverse` also reverse the entry. Who asked is told at once.

    Raises:
        AlreadyAnsweredError: somebody else was quicker.
        NotReversibleError: there is nothing to reverse (any more).
    """
    about = db.session.get_one(PointEntry, question.entry_id)
    if about.contribution_id:
        wait_for_turn(about.contribution_id)
    wait_for_ledger()
    mine = update(PointQuestion).where(PointQuestion.id == question.id, PointQuestion.is_open)
    values = {"answer": words, "answered_at": now, "answered_by_id": by.id}
    if not db.session.execute(mine.values(values).returning(PointQuestion.id)).all():
        raise AlreadyAnsweredError
    if reverse:
        _reverse(about, question, now)
    _tell_who_asked(question, about, words, now)


def _reverse(about: PointEntry, question: PointQuestion, now: datetime) -> None:
    points = reversals([about.id]).get(about.id, 0)
    if about.contribution_id is None or not points:
        raise NotReversibleError
    append([entry(Earner.of(about), correction(question.id), CORRECTED, points, about.contribution_id, now)])
    db.session.execute(update(PointQuestion).where(PointQuestion.id == question.id).values(points=points))
    db.session.expire(question)


def _parameters(viewer: Person) -> dict[str, Any]:
    return {"viewer_id": viewer.id, "area": list(viewer.moderated_municipality_ids or ())}


def _may_answer(*, everywhere: bool) -> tuple[ColumnElement[bool], ...]:
    """What counts in the viewer's area, never the viewer's own."""
    not_own = PointEntry.person_id != bindparam("viewer_id")
    in_area = PointEntry.municipality_id.in_(bindparam("area", expanding=True))
    return (not_own,) if everywhere else (not_own, in_area)


@lru_cache
def _queue(*, everywhere: bool) -> Select[*tuple[Any, ...]]:
    """The columns are those of `Asked` and of `NamedPerson`."""
    place = (PointQuestion.asked_at, PointQuestion.id)
    last = tuple_(bindparam("since", type_=UTCDateTime), bindparam("number"))
    asked = (PointQuestion.id, PointQuestion.entry_id, PointQuestion.text, PointQuestion.asked_at)
    rest = _waiting_for(*asked, *NamedPerson.columns(), everywhere=everywhere).where(tuple_(*place) > last)
    with_asker = rest.outerjoin(Person, Person.id == PointEntry.person_id)
    return with_asker.order_by(*place).limit(bindparam("size"))


@lru_cache
def length(*, everywhere: bool) -> Select[int]:
    """How many questions wait, as a query; its parameters are `viewer_id` and `area`."""
    return _waiting_for(func.count(), everywhere=everywhere)


def _waiting_for(*columns: Any, everywhere: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(PointQuestion)
        .outerjoin(PointEntry, PointEntry.id == PointQuestion.entry_id)
        .where(PointQuestion.is_open, *_may_answer(everywhere=everywhere))
    )


def _tell_who_can_answer(question: PointQuestion, line: Line, by: Person, now: datetime) -> None:
    """The coordinators where the entry counts; the leads where there are none."""
    about = db.session.get_one(PointEntry, line.id)
    others = select(Person.id).where(Person.is_present, Person.id != by.id)
    here = others.where(Person.role == Role.COORDINATOR, Person.municipality_id == about.municipality_id)
    notify(
        db.session.scalars(here).all() or db.session.scalars(others.where(Person.role == Role.LEAD)).all(),
        Kind.POINTS,
        key=f"question:{question.id}:asked",
        url="/points/questions",
        parameters={"event": "asked", "name": by.name, "text": question.text},
        now=now,
    )


def _tell_who_asked(question: PointQuestion, about: PointEntry, words: str, now: datetime) -> None:
    notify(
        [about.person_id],
        Kind.POINTS,
        key=f"question:{question.id}:answered",
        url=f"/me/points/{about.id}/question",
        parameters={"event": "answered", "text": words},
        now=now,
    )
