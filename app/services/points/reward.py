"""What a report brought: the points, and where they put the municipality on the leaderboard."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PointEntry
from app.models.notification import PushSubscription
from app.models.person import Person
from app.models.stage import Stage
from app.services.points.closing import counting_stage, is_closed
from app.services.points.standings import Row, standings


@dataclass(frozen=True)
class Reward:
    """`points` is what the report gave the person's municipality; `rival` is the municipality next above it, or
    the one behind when it leads, and None on a board that is closed; `gap` is the difference between their scores."""

    place: str
    points: int
    leads: bool
    rival: str | None
    gap: float
    #: Whether the person has no device that takes pushes: this is a good moment to offer it.
    may_offer_push: bool


def reward_of(activity: Activity, person: Person, now: datetime) -> Reward:
    """For the person who reported, in the municipality and the stage where points for this activity count by now."""
    own_entries = (PointEntry.contribution_id == activity.id, PointEntry.person_id == person.id)
    municipality_id = (
        db.session.scalar(select(PointEntry.municipality_id).where(*own_entries).limit(1))
        or person.municipality_id
    )
    stage = counting_stage(Stage.by_id(activity.stage_id), now)
    rows = standings(stage.id)
    index = next(i for i, row in enumerate(rows) if row.municipality_id == municipality_id)
    leads = rows[index].leads
    rival = None if is_closed(stage, now) else _rival(rows, index)
    return Reward(
        place=rows[index].name,
        points=_points(activity, rows[index].municipality_id),
        leads=leads,
        rival=rival.name if rival else None,
        gap=abs(rival.score - rows[index].score) if rival else 0.0,
        may_offer_push=not db.session.scalar(
            select(PushSubscription.id).where(PushSubscription.person_id == person.id).limit(1)
        ),
    )


def _points(activity: Activity, municipality_id: int) -> int:
    """All points for the activity, except those for planning it."""
    entries = (PointEntry.contribution_id == activity.id, PointEntry.municipality_id == municipality_id)
    return (
        db.session.scalar(select(func.sum(PointEntry.points)).where(*entries, PointEntry.reason != "plan"))
        or 0
    )


def _rival(rows: list[Row], index: int) -> Row | None:
    """The nearest row with a better score; for a leader the row below. None for one without a rank."""
    rank = rows[index].rank
    if rank is None:
        return None
    ranked = [row for row in rows if row.rank]
    above = [row for row in ranked if row.rank and row.rank < rank]
    return above[-1] if above else next(iter(ranked[index + 1 :]), None)
