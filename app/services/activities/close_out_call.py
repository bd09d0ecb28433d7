"""Asks those who make an activity how it went, once for each day that it is planned for."""

from datetime import date, datetime

from app.models.activity import Activity
from app.models.notification import Kind
from app.services.notifications.notify import notify


def ask_how_it_went(activity: Activity, now: datetime) -> int:
    """Tell its owner and its partners; returns how many had not been asked about that day. Nobody is asked about a plan
    without a day."""
    if activity.planned_for is None:
        return 0
    day = activity.planned_for
    return notify(
        activity.owner_ids(),
        Kind.CLOSE_OUT,
        key=call_key(activity.id, day),
        url=f"{activity.path}/outcome",
        parameters={"contribution_id": activity.id, "title": activity.title, "day": day.isoformat()},
        now=now,
    )


def call_key(activity_id: int, day: date) -> str:
    return f"close-out:{activity_id}:{day}"
