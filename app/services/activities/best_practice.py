"""Förebild: coordinators lift what is a model for all, with a sentence why, and may undo it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity
from app.models.best_practice import BestPractice
from app.models.notification import Kind
from app.models.outcome import is_carried_out
from app.models.person import Person
from app.models.upsert import upsert
from app.services.activities.locking import ClosedError, demand_visible
from app.services.activities.shown import ShownActivity
from app.services.badges.settle import settle_badges
from app.services.feed import index as feed
from app.services.notifications.notify import notify
from app.services.sums.turns import wait_for_all_around


class NotTheirsToLiftError(ValueError):
    """One's own, or outside the municipality that one moderates."""


_LIFTED = select(BestPractice.contribution_id).where(
    BestPractice.contribution_id.in_(bindparam("activity_ids", expanding=True)),
    is_carried_out(BestPractice.contribution_id),
)
_BEST_PRACTICE = (
    select(BestPractice)
    .where(BestPractice.contribution_id == bindparam("activity_id"))
    .options(joinedload(BestPractice.by))
)


def may_lift(person: Person, activity: Activity | ShownActivity) -> bool:
    """Coordinators in what their municipality takes part in, and leads everywhere; nobody their own."""
    theirs = any(person.moderates(place.id) for place in activity.municipalities)
    return theirs and not activity.is_owned_by(person)


def lifted_among(activity_ids: Collection[int]) -> set[int]:
    """Which of these are models for all."""
    return (
        set(db.session.connection().scalars(_LIFTED, {"activity_ids": list(activity_ids)}))
        if activity_ids
        else set()
    )


def lift(activity: Activity, sentence: str, *, by: Person, now: datetime) -> bool:
    """Make it a model for all, and tell those who made it; False when it is one already.

    Raises:
        NotTheirsToLiftError: `may_lift` says no.
        ClosedError: when it is hidden, or not carried out.
    """
    if not may_lift(by, activity):
        raise NotTheirsToLiftError
    wait_for_all_around(activity)
    demand_visible(activity)
    db.session.refresh(activity, ["outcome"])
    if not activity.is_carried_out:
        raise ClosedError("not carried out")
    row = {"contribution_id": activity.id, "by_id": by.id, "at": now, "sentence": sentence}
    insert = upsert(BestPractice).values(row).on_conflict_do_nothing(index_elements=["contribution_id"])
    if db.session.execute(insert.returning(BestPractice.contribution_id)).first() is None:
        return False
    feed.refresh(activity)
    about = {"event": "best_practice", "contribution_id": activity.id, "title": activity.title}
    key = f"best_practice:{activity.id}"
    more = {**about, "sentence": sentence}
    notify(activity.owner_ids(), Kind.IDEA, key=key, url=activity.path, parameters=more, now=now)
    settle_badges(activity.owner_ids(), now)
    return True


def lower(activity: Activity, *, by: Person, now: datetime) -> None:
    """Undo it, whoever lifted it. Raises NotTheirsToLiftError as `lift` does."""
    if not may_lift(by, activity):
        raise NotTheirsToLiftError
    wait_for_all_around(activity)
    row = delete(BestPractice).where(BestPractice.contribution_id == activity.id)
    db.session.execute(row, execution_options={"synchronize_session": False})
    feed.refresh(activity)
    settle_badges(activity.owner_ids(), now)


def best_practice_of(activity_id: int) -> BestPractice | None:
    """Why it is a model, with the one who says so; None when it is none."""
    return db.session.scalar(_BEST_PRACTICE, {"activity_id": activity_id})
