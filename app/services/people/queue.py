"""Who stands first in the queue gets the place that is free: after somebody cannot come, or leaves the programme, and
when there are more places. It stands below what plans activities, because a person who leaves gives up places too."""

from datetime import datetime

from sqlalchemy import delete, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming, places_left, takes_along
from app.models.contribution import ContributionKind, path_of, wait_for_turn
from app.models.notification import Kind
from app.services.notifications.notify import notify
from app.services.people.places_told import tell_who_still_comes
from app.services.programme.clock import local_today

_UNSYNCHRONIZED = {"synchronize_session": False}


def let_in(activity_id: int, now: datetime) -> None:
    """Give those first in the queue the places that are free by now, and tell them. Nobody loses a place, however few
    there are. The caller has waited for the activity's turn."""
    db.session.flush()
    plan = select(Activity.title, Activity.planned_for, Activity.starts_at)
    row = db.session.execute(
        plan.where(Activity.id == activity_id, takes_along(local_today(now)))
    ).one_or_none()
    if row is None:
        return
    person_ids = _give_places(activity_id, now)
    if not person_ids:
        return
    notify(
        person_ids,
        Kind.CHANGE,
        key=f"let-in:{activity_id}:{now.isoformat()}",
        url=path_of(ContributionKind.ACTIVITY, activity_id),
        parameters={
            "event": "let_in",
            "coming": True,
            "contribution_id": activity_id,
            "title": row.title,
            "day": row.planned_for.isoformat() if row.planned_for else "",
            "time": row.starts_at.isoformat("minutes") if row.starts_at else "",
        },
        now=now,
        asked_for=True,
    )


def give_up_place(activity_id: int, person_id: int, now: datetime) -> bool:
    """The person comes no more, or leaves the queue; False when they did neither. Whoever is first in the queue gets
    the place. The caller has waited for the activity's turn."""
    row = delete(Coming).where(Coming.activity_id == activity_id, Coming.person_id == person_id)
    came_at = db.session.scalar(row.returning(Coming.at), execution_options=_UNSYNCHRONIZED)
    if came_at is None:
        return False
    let_in(activity_id, now)
    tell_who_still_comes(activity_id, came_at, now)
    return True


def give_up_all_places(person_id: int, now: datetime) -> None:
    """The person leaves the programme, and disappears from what they have come along to as well. It waits for the
    activities' turns, in the order of the house: so it stands before anything that waits for the ledger."""
    theirs = select(Coming.activity_id).where(Coming.person_id == person_id)
    for activity_id in sorted(db.session.scalars(theirs), reverse=True):
        wait_for_turn(activity_id)
        give_up_place(activity_id, person_id, now)


def _give_places(activity_id: int, now: datetime) -> list[int]:
    """To as many as there are places for, in their order; returns who they are."""
    waiting = select(Coming.id).where(Coming.activity_id == activity_id, ~Coming.is_let_in)
    first = waiting.order_by(Coming.id).limit(places_left(activity_id))
    entry = update(Coming).where(Coming.id.in_(first.scalar_subquery())).values(let_in_at=now)
    return list(db.session.scalars(entry.returning(Coming.person_id), execution_options=_UNSYNCHRONIZED))
