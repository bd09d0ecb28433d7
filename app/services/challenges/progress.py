"""How far a challenge has come: in each municipality, and which activities have taken it on."""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge, ChallengeKind
from app.models.contribution import is_visible
from app.models.paging import LAST_NUMBER, Page, page_of_prepared
from app.models.person import Person
from app.models.undertaking import ChallengeProgress, Undertaking


class PlaceProgress(NamedTuple):
    """A municipality's progress: so many completed, of so many that are to be."""

    municipality_id: int
    completed: int
    of: int
    #: Whether anybody there has taken it on.
    has_begun: bool

    @property
    def share(self) -> float:
        return self.completed / self.of if self.of else 0

    @property
    def is_done(self) -> bool:
        return 0 < self.of <= self.completed


class TakenOn(NamedTuple):
    """An activity that has taken a challenge on, as a list shows it."""

    activity_id: int
    title: str
    value_id: int
    municipality_id: int
    planned_for: date | None
    owner_name: str
    #: Whether the challenge is completed by it.
    is_completed: bool


_PROGRESS: Final = select(
    ChallengeProgress.municipality_id, ChallengeProgress.taken_on, ChallengeProgress.completed
).where(ChallengeProgress.challenge_id == bindparam("challenge_id"))
_MUNICIPALITIES: Final = (
    select(ChallengeProgress.challenge_id, func.count())
    .where(ChallengeProgress.challenge_id.in_(bindparam("challenge_ids", expanding=True)))
    .where(ChallengeProgress.taken_on > 0)
    .group_by(ChallengeProgress.challenge_id)
)
#: The columns are in the order of `TakenOn`.
_UNDERTAKINGS: Final = (
    select(
        Undertaking.activity_id,
        Activity.title,
        Activity.value_id,
        Activity.municipality_id,
        Activity.planned_for,
        Person.name,
        Undertaking.is_counted,
    )
    .join(Undertaking.activity)
    .join(Activity.owner)
    .where(Undertaking.challenge_id == bindparam("challenge_id"), is_visible(Undertaking.activity_id))
    .where(Undertaking.activity_id < bindparam("before"))
    .order_by(Undertaking.activity_id.desc())
    .limit(bindparam("size"))
)


def steps_of(challenge: Challenge, own_id: int) -> list[PlaceProgress]:
    """Of the municipalities that have taken it on, and of the viewer's own if it is for that one; who has come farthest
    first. One with a goal is measured by that, others by how many have taken it on."""
    rows = db.session.connection().execute(_PROGRESS, {"challenge_id": challenge.id})
    counts = {row.municipality_id: row for row in rows if row.taken_on}
    has_goal = challenge.kind_of_challenge == ChallengeKind.MUNICIPALITY
    steps = [
        PlaceProgress(place_id, row.completed, (challenge.goal or 0) if has_goal else row.taken_on, True)
        for place_id, row in counts.items()
    ]
    if own_id not in counts and challenge.municipality_id in (None, own_id):
        steps.append(PlaceProgress(own_id, 0, (challenge.goal or 0) if has_goal else 0, False))
    return sorted(steps, key=lambda step: (-step.share, -step.completed, step.municipality_id))


def municipalities_with(challenge_ids: Collection[int]) -> dict[int, int]:
    """How many municipalities have taken each of them on; what nobody has is left out."""
    counts = db.session.connection().execute(_MUNICIPALITIES, {"challenge_ids": list(challenge_ids)})
    return dict(counts.all())


def undertakings_of(challenge: Challenge, before: int | None = None) -> Page[TakenOn]:
    """The activities that have taken it on, latest first; `before` is the number of the last one seen."""
    about = {"challenge_id": challenge.id, "before": before or LAST_NUMBER}
    found = page_of_prepared(_UNDERTAKINGS, about)
    return Page([TakenOn._make(row) for row in found.items], found.has_more)
