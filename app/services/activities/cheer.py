"""Gnista: one from each person to each activity of others. It gives no points, and the owner is told once a day."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from app.extensions import db
from app.models.activity import Activity, Cheer
from app.models.notification import Kind, Notification
from app.models.person import Person
from app.models.upsert import upsert
from app.services.notifications.notify import notification_under, notify


class OwnActivityError(ValueError):
    """Nobody cheers for what they own themselves."""


def cheer(activity: Activity, by: Person, *, now: datetime) -> bool:
    """Cheer for the activity; False when this person has done so already. Counted in the same transaction.

    Raises:
        OwnActivityError: for the owner and the co-owners.
    """
    if activity.is_owned_by(by):
        raise OwnActivityError
    row = {"activity_id": activity.id, "person_id": by.id, "at": now}
    given = upsert(Cheer).values(row).on_conflict_do_nothing(index_elements=["activity_id", "person_id"])
    if db.session.execute(given.returning(Cheer.person_id)).first() is None:
        return False
    _count(activity, 1)
    _tell_owner(activity, by, now)
    return True


def withdraw_cheer(activity: Activity, by: Person) -> bool:
    """Take it back; False when there was none."""
    gone = (
        delete(Cheer)
        .where(Cheer.activity_id == activity.id, Cheer.person_id == by.id)
        .returning(Cheer.person_id)
    )
    if db.session.execute(gone.execution_options(synchronize_session=False)).first() is None:
        return False
    _count(activity, -1)
    return True


def cheered(activity_ids: list[int], person_id: int) -> set[int]:
    """Which of these the person has cheered for."""
    mine = select(Cheer.activity_id).where(Cheer.activity_id.in_(activity_ids), Cheer.person_id == person_id)
    return set(db.session.scalars(mine))


def _count(activity: Activity, change: int) -> None:
    """In the database and not in Python: two people may cheer at once."""
    counted = (
        update(Activity).where(Activity.id == activity.id).values(cheer_count=Activity.cheer_count + change)
    )
    db.session.execute(counted.execution_options(synchronize_session=False))
    db.session.expire(activity, ["cheer_count"])


def _tell_owner(activity: Activity, by: Person, now: datetime) -> None:
    """One notification for an activity and a day, however many cheer; the first one's name, and how many more."""
    key = f"cheer:{activity.id}"
    parameters = {
        "activity_id": activity.id,
        "title": activity.title,
        "name": by.name,
        "person_id": by.id,
        "others": 0,
    }
    url = f"/activities/{activity.id}"
    if not notify([activity.owner_id], Kind.CHEER, key=key, url=url, parameters=parameters, now=now):
        _one_more(activity, notification_under(key, Kind.CHEER, activity.owner_id, now), by)


def _one_more(activity: Activity, first: Notification | None, by: Person) -> None:
    if first and first.parameters.get("person_id") != by.id:
        since = select(func.count()).where(Cheer.activity_id == activity.id, Cheer.at >= first.created_at)
        first.parameters = {**first.parameters, "others": (db.session.scalar(since) or 1) - 1}
