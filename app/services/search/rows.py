"""What was found, as rows of what a page shows of it: it changes none of them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.contribution import path_of, takes_part
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.programme import Municipality
from app.models.tip import Author, Tip, TipWords

_NUMBERS: Final[Any] = bindparam("numbers", expanding=True)


class FoundActivity(NamedTuple):
    """What the row of an activity shows, and the texts by which it may have been found."""

    id: int
    value_id: int
    title: str
    planned_for: date | None
    place: str
    audience: str
    success_sign: str
    owner_name: str
    reported_at: datetime | None
    story: str | None
    #: The names of those that take part, in the programme's order.
    municipalities: str

    @property
    def path(self) -> str:
        return path_of(Activity.kind, self.id)

    @property
    def texts(self) -> list[str]:
        """All but its title."""
        return [self.story or "", self.place, self.audience, self.success_sign]


class _TipRow(NamedTuple):
    id: int
    kind_of_tip: str
    text: str
    municipality_id: int
    owner_id: int
    owner_name: str
    owner_left_at: datetime | None


class FoundTip(TipWords, _TipRow):
    """What the row of a tip shows."""

    __slots__ = ()

    @property
    def owner(self) -> Author:
        return Author(self.owner_id, self.owner_name, self.owner_left_at)


class FoundChallenge(NamedTuple):
    """What the row of a challenge shows, and the texts by which it may have been found."""

    id: int
    value_id: int
    municipality_id: int | None
    title: str
    points: int
    why: str
    done_when: list[str]

    @property
    def path(self) -> str:
        return path_of(Challenge.kind, self.id)


_NAMES_IN_ORDER: Final = (
    select(Municipality.name)
    .join(takes_part, takes_part.c.municipality_id == Municipality.id)
    .where(takes_part.c.contribution_id == Activity.id)
    .order_by(Municipality.position)
    .correlate(Activity)
    .subquery()
)
#: Each in the order of its row.
_ACTIVITIES: Final[Select[*tuple[Any, ...]]] = (
    select(Activity.id, Activity.value_id, Activity.title, Activity.planned_for)
    .add_columns(Activity.place, Activity.audience, Activity.success_sign)
    .add_columns(Person.name, Outcome.at, Outcome.story)
    .add_columns(select(func.aggregate_strings(_NAMES_IN_ORDER.c.name, ", ")).scalar_subquery())
    .join(Person, Person.id == Activity.owner_id)
    .outerjoin(Outcome, Outcome.activity_id == Activity.id)
    .where(Activity.id.in_(_NUMBERS))
)
_TIPS: Final = (
    select(Tip.id, Tip.kind_of_tip, Tip.text, Tip.municipality_id, Person.id, Person.name, Person.left_at)
    .join(Person, Person.id == Tip.owner_id)
    .where(Tip.id.in_(_NUMBERS))
)
_CHALLENGES: Final = select(
    Challenge.id,
    Challenge.value_id,
    Challenge.municipality_id,
    Challenge.title,
    Challenge.points,
    Challenge.why,
    Challenge.done_when,
).where(Challenge.id.in_(_NUMBERS))


def activities_for_rows(numbers: Collection[int]) -> list[FoundActivity]:
    rows = db.session.connection().execute(_ACTIVITIES, {"numbers": list(numbers)})
    return [FoundActivity._make(row) for row in rows]


def tips_for_rows(numbers: Collection[int]) -> list[FoundTip]:
    rows = db.session.connection().execute(_TIPS, {"numbers": list(numbers)})
    return [FoundTip._make(row) for row in rows]


def challenges_for_rows(numbers: Collection[int]) -> list[FoundChallenge]:
    rows = db.session.connection().execute(_CHALLENGES, {"numbers": list(numbers)})
    return [FoundChallenge._make(row) for row in rows]
