"""Which challenges fit whom. The rule, as the page states it: they are open for the person's municipality, and the
person has not taken them on; first those in squares where nothing has been carried out or in focus areas where the
person has planned before, then the others; those that close soonest first.

Open challenges are few, since only leads and coordinators make them; so they are read once, as short rows.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Date, bindparam, select

from app.extensions import db
from app.models.activity import Activity, activities_of
from app.models.challenge import Challenge, is_open_challenge, is_shown_challenge
from app.models.contribution import ContributionKind, path_of

#: More than anybody looks through; of more, those that close last are left out.
_MOST: Final = 500


class Candidate(NamedTuple):
    """A challenge that is open, or was when somebody took it on, with no more than the rule and its card ask for."""

    id: int
    municipality_id: int | None
    value_id: int
    focus_area_id: int
    opens_on: date
    closes_on: date
    title: str
    points: int
    closed_at: datetime | None

    @property
    def is_draft(self) -> bool:
        return False

    @property
    def path(self) -> str:
        """The address of its page."""
        return path_of(ContributionKind.CHALLENGE, self.id)


#: The columns are in the order of `Candidate`.
CANDIDATE: Final = (
    Challenge.id,
    Challenge.municipality_id,
    Challenge.value_id,
    Challenge.focus_area_id,
    Challenge.opens_on,
    Challenge.closes_on,
    Challenge.title,
    Challenge.points,
    Challenge.closed_at,
)
_CANDIDATES: Final = (
    select(*CANDIDATE)
    .where(Challenge.stage_id == bindparam("stage_id"))
    .where(is_open_challenge(bindparam("today", type_=Date)), is_shown_challenge())
    .order_by(Challenge.closes_on, Challenge.id)
    .limit(_MOST)
)
_PLANNED_AREAS: Final = (
    select(Activity.focus_area_id).where(Activity.id.in_(activities_of(bindparam("person_id")))).distinct()
)


@dataclass(frozen=True)
class Fitting:
    """A person, as the rule sees them."""

    municipality_id: int
    planned_areas: frozenset[int]
    #: The challenges that the person has taken on, now or before.
    undertaken: frozenset[int]


def open_candidates(stage_id: int, today: date) -> list[Candidate]:
    """The open challenges of the stage, those that close soonest first."""
    rows = db.session.connection().execute(_CANDIDATES, {"stage_id": stage_id, "today": today})
    return [Candidate._make(row) for row in rows]


def open_for(person: Fitting, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that the person may take on and has not."""
    return [
        one
        for one in candidates
        if one.municipality_id in (None, person.municipality_id) and one.id not in person.undertaken
    ]


def in_order_of_fit(
    person: Fitting, candidates: Iterable[Candidate], lively: Collection[tuple[int, int]]
) -> list[Candidate]:
    """Those that fit the person, best first. `lively` are the squares, by value and focus area, where something has
    been carried out."""

    def place(one: Candidate) -> tuple[bool, date, int]:
        is_empty = (one.value_id, one.focus_area_id) not in lively
        return not (is_empty or one.focus_area_id in person.planned_areas), one.closes_on, one.id

    return sorted(open_for(person, candidates), key=place)


def planned_areas(person_id: int) -> frozenset[int]:
    """The focus areas in which the person has ever planned something, alone or with others."""
    return frozenset(db.session.connection().scalars(_PLANNED_AREAS, {"person_id": person_id}))
