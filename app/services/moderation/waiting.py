"""What waits for a moderator, as queries: their own municipality's first, then the gravest, then the oldest.

How grave a thing is follows from the gravest reason that is open about it, in the order of `FLAG_REASONS`; an author's
answer is as grave as what it answers; one about a picture waits with the pictures. What only waits to be looked at
before it is published comes after all of them.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from app.extensions import UTCDateTime
from app.models.activity import is_made_by
from app.models.contribution import Contribution, Removal, is_moderated_in, is_withdrawn
from app.models.moderation import FLAG_REASONS, Appeal, Decision, Flag
from app.models.person import Person

#: Added to what others than the viewer's municipality have written and this one only takes part in: it comes after all
#: of one's own.
_ELSEWHERE: Final = 100
#: After the least grave reason, and after what has none.
_UNREPORTED: Final = len(FLAG_REASONS) + 1


class Place(NamedTuple):
    """Where something stands in the queue."""

    rank: int
    since: datetime
    number: int


#: Before all others, where the first page begins.
BEFORE_ALL: Final = Place(-1, datetime.min.replace(tzinfo=UTC), 0)


@lru_cache
def waiting_after_a_place(*, everywhere: bool) -> Select[int, datetime, str, int, int]:
    """For a lead, who looks at those of all municipalities; or for the coordinators of an `area`. With each comes the
    `length`: how many there are, also beyond the `size`. Parameters: `viewer_id`, `area`, those of `Place`, and
    `size`."""
    waiting = _waiting(everywhere=everywhere).subquery("in_queue")
    place = (waiting.c.rank, waiting.c.since, waiting.c.contribution_id)
    last = tuple_(bindparam("rank"), bindparam("since", type_=UTCDateTime), bindparam("number"))
    length = func.count().over().label("length")
    return select(*waiting.c, length).where(tuple_(*place) > last).order_by(*place).limit(bindparam("size"))


@lru_cache
def how_many_wait(*, everywhere: bool) -> Select[int]:
    return select(func.count()).select_from(_waiting(everywhere=everywhere).subquery())


def _waiting(*, everywhere: bool) -> Select[int, datetime, str, int]:
    """Reads the few open flags, answers and removals first: the outer joins keep engines from beginning with
    everything."""
    open_ones = union_all(
        select(Flag.contribution_id, Flag.at, _gravity(Flag.reason)).where(Flag.is_open),
        select(Appeal.contribution_id, Appeal.at, _gravity(Decision.reason))
        .outerjoin(Decision, Decision.id == Appeal.decision_id)
        .where(Appeal.is_open, ~Decision.is_about_picture),
        select(Removal.contribution_id, Removal.at, literal(_UNREPORTED)).where(Removal.waits),
    ).subquery()
    waiting = (
        select(
            open_ones.c.contribution_id,
            func.min(open_ones.c.at).label("since"),
            func.min(open_ones.c.gravity).label("gravity"),
        )
        .group_by(open_ones.c.contribution_id)
        .subquery("waiting")
    )
    area: BindParameter[Any] = bindparam("area", expanding=True)
    elsewhere: Any = literal(0)
    if not everywhere:
        elsewhere = case((Person.municipality_id.in_(area), 0), else_=_ELSEWHERE)
    query = (
        select(
            waiting.c.contribution_id,
            waiting.c.since,
            Contribution.kind,
            (waiting.c.gravity + elsewhere).label("rank"),
        )
        .outerjoin(Contribution, Contribution.id == waiting.c.contribution_id)
        .where(~is_made_by(bindparam("viewer_id"), Contribution), ~is_withdrawn(Contribution.id))
    )
    if everywhere:
        return query
    here = is_moderated_in(area, Contribution.id)
    return query.outerjoin(Person, Person.id == Contribution.owner_id).where(here)


def _gravity(reason: ColumnElement[str] | Any) -> ColumnElement[int]:
    ranks = {name: rank for rank, name in enumerate(FLAG_REASONS)}
    return case(ranks, value=reason, else_=len(FLAG_REASONS)).label("gravity")
