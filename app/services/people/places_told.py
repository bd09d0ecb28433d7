"""What the owner of an activity is told of those who come along to it, and of those who stand in its queue."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.coming import Coming
from app.models.notification import Kind
from app.models.person import Person
from app.services.notifications.firsts import Merged, One, Said, name_who_is_left

#: Each is told apart.
_EVENTS: Final = ("coming", "queue")


def those_who_come(activity: Activity, event: str) -> Merged:
    """One notification a day of those who come, and one of those who stand in the queue."""
    alike = Coming.is_let_in if event == "coming" else ~Coming.is_let_in

    def standing(_owner_id: int, since: datetime) -> list[One]:
        people = select(Coming.person_id, Coming.at)
        theirs = people.where(Coming.activity_id == activity.id, alike, Coming.at >= since)
        rows = db.session.execute(theirs.order_by(Coming.at, Coming.id))
        return [One(row.person_id, row.person_id, row.at) for row in rows]

    def name(one: One) -> Said:
        about = {
            "event": event,
            "contribution_id": activity.id,
            "title": activity.title,
            "name": db.session.get_one(Person, one.who).name,
            "person_id": one.who,
        }
        return Said(activity.path, about)

    key = f"{event}:{activity.id}"
    return Merged([activity.owner_id], Kind.COMING, key, standing, name, may_return=False)


def tell_who_still_comes(activity_id: int, came_at: datetime, now: datetime) -> None:
    """Somebody who had come or queued at that moment does so no longer."""
    activity = db.session.get_one(Activity, activity_id)
    for event in _EVENTS:
        name_who_is_left(those_who_come(activity, event), came_at, now)
