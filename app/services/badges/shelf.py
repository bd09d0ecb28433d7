"""A person's badges as pages show them, and how many in the programme have one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from app.extensions import db
from app.models.badge import Badge, BadgeCount
from app.models.person import Person, PersonSeen
from app.services.badges.rules import RULES, BadgeRule, how_many_needed

#: Fewer who have a badge are never said exactly: they could be pointed at.
FEWEST_SAID: Final = 5
#: Who has much to choose from chooses nothing.
_MOST_NEAR: Final = 2


@dataclass(frozen=True)
class Place:
    """A badge's place on somebody's shelf."""

    rule: BadgeRule
    counted: int
    needed: int
    earned_at: datetime | None
    resting_since: datetime | None

    @property
    def is_held(self) -> bool:
        return self.earned_at is not None and self.resting_since is None

    @property
    def left(self) -> int:
        return self.needed - self.counted

    @property
    def is_near(self) -> bool:
        """Not theirs yet, begun, and one is missing."""
        return self.earned_at is None and self.counted > 0 and self.left == 1


@dataclass(frozen=True)
class Shelf:
    """All badges that there are, in the order of the rules; each is in one of the four lists."""

    places: tuple[Place, ...]

    @property
    def held(self) -> list[Place]:
        """The latest first."""
        theirs = [(place.earned_at, place) for place in self.places if place.earned_at and place.is_held]
        return [place for _at, place in sorted(theirs, key=lambda pair: pair[0], reverse=True)]

    @property
    def near(self) -> list[Place]:
        """At most two, and what has come furthest first."""
        near = [place for place in self.places if place.is_near]
        return sorted(near, key=lambda place: -place.needed)[:_MOST_NEAR]

    @property
    def waiting(self) -> list[Place]:
        """What has begun first."""
        near = self.near
        open_ones = [place for place in self.places if place.earned_at is None and place not in near]
        return sorted(open_ones, key=lambda place: -place.counted / place.needed)

    @property
    def resting(self) -> list[Place]:
        return [place for place in self.places if place.resting_since]

    def row(self, length: int) -> list[Place]:
        """For one's own page: what is theirs, and one that is not yet, if there is one."""
        next_ones = [*self.near, *self.waiting]
        held = self.held[: length - 1] if next_ones else self.held[:length]
        return [*held, *next_ones[: length - len(held)]]


@dataclass(frozen=True)
class Holders:
    """How many have it: None when they are too few to be said. `most_in` is the municipality where most earned it, if
    it is one alone and they are not too few there."""

    count: int | None
    most_in: int | None


_BADGES: Final = select(Badge.slug, Badge.counted, Badge.needed, Badge.earned_at, Badge.resting_since).where(
    Badge.person_id == bindparam("person_id")
)
_HELD: Final = _BADGES.where(Badge.is_held)
_COUNTS: Final = select(BadgeCount.holders, BadgeCount.municipality_id).where(
    BadgeCount.slug == bindparam("slug")
)


def shelf_of(person: Person) -> Shelf:
    """Two queries."""
    rows = _rows(_BADGES, person.id)
    needed = how_many_needed()
    return Shelf(tuple(_place(rule, rows.get(rule.slug), needed[rule.slug]) for rule in RULES))


def badges_to_show(person: Person | PersonSeen) -> list[Place] | None:
    """What colleagues see: those that do not rest, or None when the person keeps them to themselves."""
    if not person.shows_badges:
        return None
    rows = _rows(_HELD, person.id)
    # What is theirs says itself how much it took.
    places = (_place(rule, rows[rule.slug], rows[rule.slug].needed) for rule in RULES if rule.slug in rows)
    return Shelf(tuple(places)).held


def badges_earned(person: Person, at: datetime) -> list[BadgeRule]:
    """Those that became theirs at that very moment, and have not come to rest since."""
    earned = select(Badge.slug).where(Badge.person_id == person.id, Badge.earned_at == at, Badge.is_held)
    slugs = set(db.session.scalars(earned))
    return [rule for rule in RULES if rule.slug in slugs]


def holders_of(rule: BadgeRule) -> Holders:
    """From the running counts, one row a municipality."""
    counts = sorted(db.session.connection().execute(_COUNTS, {"slug": rule.slug}).all(), reverse=True)
    total = sum(count for count, _municipality in counts)
    if total < FEWEST_SAID:
        return Holders(None, None)
    most, most_in = counts[0]
    alone = most >= FEWEST_SAID and [count for count, _municipality in counts].count(most) == 1
    return Holders(total, most_in if alone else None)


def _rows(badges: Select[*tuple[Any, ...]], person_id: int) -> dict[str, Any]:
    return {row.slug: row for row in db.session.connection().execute(badges, {"person_id": person_id})}


def _place(rule: BadgeRule, badge: Any, needed: int) -> Place:
    if badge is None:
        return Place(rule, 0, needed, None, None)
    return Place(rule, badge.counted, badge.needed or needed, badge.earned_at, badge.resting_since)
