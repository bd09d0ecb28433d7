"""Reminders that somebody wants no more of: "not this one" ends those of one plan."""

from collections.abc import Iterable, Set
from datetime import datetime

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible
from app.models.notification import Notification
from app.models.outcome import is_reported
from app.models.playbook import ReminderStop, is_reminder_stopped
from app.models.upsert import upsert
from app.services.notifications.inbox import Told
from app.services.notifications.kinds import kind_named

_STOPPABLE = select(Activity.id).where(
    Activity.id.in_(bindparam("activity_ids", expanding=True)),
    is_visible(Activity.id),
    ~is_reported(Activity.id),
    ~is_reminder_stopped(bindparam("person_id"), Activity.id),
)


def stoppable_among(shown: Iterable[Told]) -> Set[int]:
    """The numbers of those, all of one person, that remind of a plan of which more reminders may come."""
    reminders = {row.id: (row.person_id, plan) for row in shown if (plan := _plan_of(row))}
    if not reminders:
        return set()
    person_id = next(iter(reminders.values()))[0]
    parameters = {"activity_ids": [plan for _person, plan in reminders.values()], "person_id": person_id}
    plans = set(db.session.connection().scalars(_STOPPABLE, parameters))
    return {number for number, (_person, plan) in reminders.items() if plan in plans}


def stop_reminders_of(notification: Notification, now: datetime) -> bool:
    """Whether it reminds of a plan; then no more reminders of that come to its person."""
    activity_id = _plan_of(notification)
    if not activity_id:
        return False
    stop = {"person_id": notification.person_id, "activity_id": activity_id, "at": now}
    db.session.execute(upsert(ReminderStop).values(stop).on_conflict_do_nothing())
    return True


def _plan_of(notification: Notification | Told) -> int | None:
    if not kind_named(notification.kind).is_about_open_plan:
        return None
    return notification.parameters.get("contribution_id")
