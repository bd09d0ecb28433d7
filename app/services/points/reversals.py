"""What reversing an entry of the ledger would take."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, String, bindparam, exists, func, or_, select

from app.extensions import db
from app.models.contribution import is_hidden, is_visible
from app.models.ledger import PointEntry, cause_of, has_cause
from app.models.point_question import PointQuestion
from app.models.tip import Tip
from app.services.points.reasons import names_of_those_that_follow
from app.services.points.resting import resting

_DONE: Final = exists().where(PointQuestion.entry_id == PointEntry.id, PointQuestion.points != 0)
_LESSON_IS_HIDDEN: Final = exists().where(
    Tip.activity_id == PointEntry.contribution_id, Tip.kind_of_tip == PointEntry.reason, is_hidden(Tip.id)
)
_REVERSIBLE: Final = select(
    PointEntry.id,
    PointEntry.person_id,
    PointEntry.reason,
    PointEntry.source,
    PointEntry.points,
    PointEntry.contribution_id,
).where(
    PointEntry.id.in_(bindparam("entry_ids", expanding=True)),
    PointEntry.points > 0,
    PointEntry.reason.not_in(names_of_those_that_follow()),
    PointEntry.contribution_id.is_not(None),
    is_visible(PointEntry.contribution_id),
    ~_LESSON_IS_HIDDEN,
    ~_DONE,
)
_TAKEN: Final = (
    select(func.sum(PointQuestion.points))
    .where(PointQuestion.entry_id == PointEntry.id, PointQuestion.points < 0)
    .scalar_subquery()
)
_WITH_WHAT_WAS_TAKEN: Final = select(
    PointEntry.person_id,
    PointEntry.reason,
    PointEntry.source,
    PointEntry.points,
    func.coalesce(_TAKEN, 0).label("taken"),
)


def reversals(entry_ids: Iterable[int]) -> dict[int, int]:
    """What reversing each of these would take, as a negative number: at most the entry's own points, and never more
    than its cause has left. Nothing where it has been done, and where the thing, or the lesson, is out of sight, or the
    report undone: its points rest, and come back as they were. What took points follows a decision about the thing
    too."""
    entries = db.session.execute(_REVERSIBLE, {"entry_ids": list(entry_ids)}).all()
    rests = resting({one.contribution_id for one in entries if one.contribution_id})
    left = _left_by_cause(entries)
    return {one.id: -min(one.points, max(left[_cause(one)], 0)) for one in entries if one.id not in rests}


def _cause(one: Row[*tuple[Any, ...]]) -> tuple[int, str, str]:
    return one.person_id, one.reason, cause_of(one.source)


def _left_by_cause(entries: Iterable[Row[*tuple[Any, ...]]]) -> Counter[tuple[int, str, str]]:
    """What the causes of these entries have by now, with what answers have taken from them."""
    causes, left = {_cause(one) for one in entries}, Counter[tuple[int, str, str]]()
    parameters = {
        f"{name}_{number}": part
        for number, cause in enumerate(causes)
        for name, part in zip(("person_id", "reason", "cause"), cause, strict=True)
    }
    for one in db.session.execute(_of_causes(len(causes)), parameters) if causes else ():
        left[_cause(one)] += one.points + one.taken
    return left


@lru_cache
def _of_causes(how_many: int) -> Select[*tuple[Any, ...]]:
    """Its parameters are `person_id_0`, `reason_0` and `cause_0`, and so on: lists of them would be about all pairs."""
    return _WITH_WHAT_WAS_TAKEN.where(
        or_(
            *(
                (PointEntry.person_id == bindparam(f"person_id_{number}"))
                & (PointEntry.reason == bindparam(f"reason_{number}"))
                & has_cause(bindparam(f"cause_{number}", type_=String))
                for number in range(how_many)
            )
        )
    )
