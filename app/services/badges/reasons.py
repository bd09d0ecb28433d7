"""Why somebody has a badge, or why it rests: what counts toward it, and what of theirs moderation has taken away."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.ledger import PointEntry
from app.models.moderation import Decision
from app.models.person import Person
from app.models.tip import Tip
from app.services.badges.grounds import Ground, deeds
from app.services.badges.rules import BadgeRule


@dataclass(frozen=True)
class Counting:
    """`keys` are what is counted, such as the ids of values; `things` are the activities and tips that they come from,
    the earliest first."""

    keys: frozenset[int]
    things: tuple[Activity | Tip, ...]


@dataclass(frozen=True)
class TakenAway:
    """Something of theirs that is hidden, with the decision and the moderator loaded; `points` rest with it."""

    thing: Activity | Tip
    decision: Decision
    points: int


def what_counts(rule: BadgeRule, person: Person, most: int) -> Counting:
    """As many as it takes, from the same query that counts them."""
    keys = _keys(rule, person, hidden=False, most=most)
    return Counting(frozenset(keys), tuple(_things(set(keys.values()))))


def what_is_hidden(rule: BadgeRule, person: Person, most: int) -> list[TakenAway]:
    """What would count if it were not hidden."""
    numbers = set(_keys(rule, person, hidden=True, most=most).values())
    removals = select(Removal).where(Removal.contribution_id.in_(numbers))
    whole = joinedload(Removal.decision).joinedload(Decision.by)
    decisions = {row.contribution_id: row.decision for row in db.session.scalars(removals.options(whole))}
    points = _points_that_rest(person, numbers)
    return [
        TakenAway(thing, decisions[thing.id], points.get(thing.id, 0))
        for thing in _things(numbers & decisions.keys())
    ]


def _keys(rule: BadgeRule, person: Person, *, hidden: bool, most: int) -> dict[int, int]:
    """Each key with the first contribution that it comes from."""
    query = _first_of_each_key(rule.ground, hidden=hidden)
    return dict(db.session.execute(query, {"person_id": person.id, "most": most}).all())


_NUMBERS: Final[BindParameter[Any]] = bindparam("numbers", expanding=True)
_ACTIVITIES: Final = (
    select(Activity)
    .where(Activity.id.in_(_NUMBERS))
    .options(joinedload(Activity.outcome), selectinload(Activity.municipalities))
)
_TIPS: Final = select(Tip).where(Tip.id.in_(_NUMBERS))


@lru_cache
def _first_of_each_key(counted: Ground, *, hidden: bool) -> Select[int, int]:
    ground = counted(deeds(bindparam("person_id"), hidden=hidden)).subquery().c
    first = func.min(ground.contribution_id)
    return select(ground.key, first).group_by(ground.key).order_by(first, ground.key).limit(bindparam("most"))


def _things(numbers: Collection[int]) -> list[Activity | Tip]:
    """Three queries, however many there are."""
    if not numbers:
        return []
    parameters = {"numbers": list(numbers)}
    found = [*db.session.scalars(_ACTIVITIES, parameters), *db.session.scalars(_TIPS, parameters)]
    return sorted(found, key=lambda thing: thing.id)


def _points_that_rest(person: Person, numbers: Collection[int]) -> dict[int, int]:
    """What hiding has taken from the person and nobody has given back, by contribution."""
    moved = PointEntry.reason.in_(("hidden", "restored"))
    sums = (
        select(PointEntry.contribution_id, -func.sum(PointEntry.points))
        .where(PointEntry.person_id == person.id, PointEntry.contribution_id.in_(numbers), moved)
        .group_by(PointEntry.contribution_id)
    )
    return {contribution_id or 0: points for contribution_id, points in db.session.execute(sums)}
