"""What a programme wants looked at before it is published, and what has become of it."""

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import Removal
from app.models.feed import FeedItem, FeedScope
from app.models.ledger import PointEntry
from app.models.notification import Notification
from app.models.person import Person
from app.models.programme import Check, Programme
from app.services.activities.visibility import whole_activity
from tests.held_back import let_it_be_told


def look_at(*checks: Check) -> None:
    programme = Programme.current()
    assert programme
    programme.moderation = {"hide_at": 3, "check": [check.value for check in checks]}
    db.session.commit()


def waits(thing: object) -> bool:
    removal = db.session.get(Removal, thing.id, populate_existing=True)  # type: ignore[attr-defined]
    return removal is not None and removal.waits


def points_of(activity: Activity) -> int:
    entries = select(func.sum(PointEntry.points)).where(PointEntry.contribution_id == activity.id)
    return db.session.scalar(entries) or 0


def is_in_feed(activity: Activity) -> bool:
    shown = select(FeedScope.item_id).join(FeedItem, FeedItem.id == FeedScope.item_id)
    return db.session.scalar(shown.where(FeedItem.contribution_id == activity.id).limit(1)) is not None


def told(person: Person) -> list[str]:
    let_it_be_told()
    about = select(Notification).where(Notification.person_id == person.id).order_by(Notification.id)
    return [f"{one.kind} {one.parameters.get('event', '')}".strip() for one in db.session.scalars(about)]


def afresh(activity: Activity) -> Activity:
    db.session.expire_all()
    whole = whole_activity(activity.id)
    assert whole
    return whole
