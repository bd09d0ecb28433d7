"""Who is told what about an activity; the texts are in app/services/notifications/wording.py."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming, is_ahead
from app.models.notification import Kind
from app.models.person import Person
from app.services.activities.checks import held_while_it_waits
from app.services.notifications.notify import notify
from app.services.programme.clock import local_today


def tell_of_the_day(activity: Activity, by: Person, now: datetime) -> None:
    """Tell the others, and those who come along, that the day or the time is another one."""
    day = activity.planned_for.isoformat() if activity.planned_for else ""
    time_of_day = activity.starts_at.isoformat("minutes") if activity.starts_at else ""
    key = f"day:{activity.id}:{now.isoformat()}"  # moving it there and back is news twice
    tell_the_others(activity, by, {"event": "moved", "day": day, "time": time_of_day}, key, now)
    tell_who_comes(activity, {"event": "moved", "name": by.name}, key, now)


def tell_of_the_end(activity: Activity, by: Person, now: datetime) -> None:
    """Tell them that it has been called off."""
    key = f"withdrawal:{activity.id}"
    tell_the_others(activity, by, {"event": "withdrawn"}, key, now)
    tell_who_comes(activity, {"event": "withdrawn", "name": by.name}, key, now)


def tell_who_comes(activity: Activity, details: dict[str, object], key: str, now: datetime) -> None:
    """Those who come along or stand in the queue, as long as it is still to come. What is hidden is not named, and what
    is out of sight leads nowhere."""
    if (
        db.session.scalar(select(Activity.id).where(Activity.id == activity.id, is_ahead(local_today(now))))
        is None
    ):
        return
    is_out_of_sight = details["event"] in ("hidden", "withdrawn")
    about = {
        "coming": True,
        "contribution_id": activity.id,
        "title": "" if details["event"] == "hidden" else activity.title,
        "day": activity.planned_for.isoformat() if activity.planned_for else "",
        "time": activity.starts_at.isoformat("minutes") if activity.starts_at else "",
        **details,
    }
    notify(
        db.session.scalars(select(Coming.person_id).where(Coming.activity_id == activity.id)),
        Kind.CHANGE,
        key=key,
        url="/activities/mine" if is_out_of_sight else activity.path,
        parameters=about,
        now=now,
        asked_for=True,
    )


def tell_the_others(
    activity: Activity, by: Person, details: dict[str, object], key: str, now: datetime
) -> None:
    """Tell the others who do it together; those who are only invited see the change when they answer."""
    together = {activity.owner_id, *(partner.person_id for partner in activity.partners)}
    tell(together - {by.id}, Kind.CHANGE, key, activity, {"name": by.name, **details}, now)


def tell(
    person_ids: Iterable[int],
    kind: Kind,
    key: str,
    activity: Activity,
    details: dict[str, object],
    now: datetime,
) -> None:
    about = {"contribution_id": activity.id, "title": activity.title, **details}
    with held_while_it_waits(activity.id):
        notify(person_ids, kind, key=key, url=activity.path, parameters=about, now=now)
