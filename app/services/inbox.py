"""What a person has been told, newest first, and what of it they have opened."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, union_all, update

from app.extensions import db
from app.models.activity import Withdrawal
from app.models.moderation import Removal
from app.models.notification import Kind, Notification
from app.models.person import Person


def notifications(person: Person, before: int | None, limit: int) -> list[Notification]:
    """The newest ones, or those older than the one numbered `before`."""
    query = select(Notification).where(Notification.person_id == person.id)
    if before:
        query = query.where(Notification.id < before)
    return list(db.session.scalars(query.order_by(Notification.id.desc()).limit(limit)))


def gone(told: Iterable[Notification]) -> set[int]:
    """Activities that these invitations are to and that have been hidden or withdrawn since: their titles are not to be
    read any longer. (Who was told anything else about an activity has a part in it, and sees it still.)"""
    asked = {row.parameters["activity_id"] for row in told if row.kind == Kind.INVITATION}
    ends = (select(end.activity_id).where(end.activity_id.in_(asked)) for end in (Removal, Withdrawal))
    return set(db.session.scalars(union_all(*ends))) if asked else set()


def notification_of(person: Person, number: int) -> Notification | None:
    """The person's own notification with that number."""
    query = select(Notification).where(Notification.id == number, Notification.person_id == person.id)
    return db.session.scalar(query)


def mark_read(notification: Notification, now: datetime) -> None:
    """Opened; the first time counts."""
    notification.read_at = notification.read_at or now


def mark_all_read(person: Person, now: datetime) -> None:
    """Everything that the person has been told so far."""
    unread = (Notification.person_id == person.id, Notification.read_at.is_(None))
    db.session.execute(
        update(Notification).where(*unread).values(read_at=now).execution_options(synchronize_session=False)
    )
