"""To come along to what somebody has planned ("Jag är med"), or to stand in its queue. No points and no figure follow
from it."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming, places_left, takes_along
from app.models.person import Person
from app.models.upsert import upsert
from app.services.activities.locking import ClosedError, lock_open
from app.services.notifications.firsts import One, notify_of_the_first
from app.services.people.places_told import those_who_come
from app.services.people.queue import give_up_place
from app.services.programme.clock import local_today


def come_along(activity: Activity, person: Person, *, now: datetime) -> None:
    """Take a place, or the last one in the queue when all are taken; once, however often it is asked. The owner is
    told, merged by day. Two who ask for the last place at the same time wait for each other.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden, its day is over, or the person makes it.
    """
    _lock_ahead(activity, now)
    if person.id in activity.owner_ids():
        raise ClosedError("who makes it does not come along")
    is_full = places_left(activity.id) == 0
    row = {
        "activity_id": activity.id,
        "person_id": person.id,
        "at": now,
        "let_in_at": None if is_full else now,
    }
    insert = upsert(Coming).values(row).on_conflict_do_nothing(index_elements=["activity_id", "person_id"])
    if db.session.execute(insert.returning(Coming.id)).first():
        told = those_who_come(activity, "queue" if is_full else "coming")
        notify_of_the_first(told, One(person.id, person.id, now), now=now)


def cannot_come(activity: Activity, person: Person, *, now: datetime) -> None:
    """Give the place up, or leave the queue. Once it is over, it stays as it was.

    Raises:
        ClosedError: when it is reported, withdrawn or hidden, or its day is over.
    """
    _lock_ahead(activity, now)
    give_up_place(activity.id, person.id, now)


def _lock_ahead(activity: Activity, now: datetime) -> None:
    lock_open(activity)
    is_it_ahead = select(Activity.id).where(Activity.id == activity.id, takes_along(local_today(now)))
    if db.session.scalar(is_it_ahead) is None:
        raise ClosedError("its day is over")
