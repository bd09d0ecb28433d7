"""Tells those who do an activity together, or are asked to; the texts are in app/services/notifications/wording.py."""

from collections.abc import Iterable
from datetime import datetime

from app.models.activity import Activity
from app.models.notification import Kind
from app.models.person import Person
from app.services.notifications.notify import notify


def tell_of_the_day(activity: Activity, by: Person, now: datetime) -> None:
    day = activity.planned_for.isoformat() if activity.planned_for else ""
    key = f"day:{activity.id}:{now.isoformat()}"  # moving it there and back is news twice
    tell_the_others(activity, by, {"event": "moved", "day": day}, key, now)


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
    notify(person_ids, kind, key=key, url=activity.path, parameters=about, now=now)
