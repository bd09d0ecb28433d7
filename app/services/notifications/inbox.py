"""What a person has been told, newest first, and what of it they have opened."""

from collections.abc import Iterable, Set
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select, union_all, update

from app.extensions import db
from app.models.activity import Withdrawal
from app.models.moderation import Removal
from app.models.notification import Notification
from app.models.person import Person
from app.services.notifications.kinds import kind_named


class NotificationContent(Protocol):
    """What a notification says: the row of the inbox, or a delivery of it."""

    @property
    def kind(self) -> str: ...
    @property
    def parameters(self) -> dict[str, Any]: ...


_Content = TypeVar("_Content", bound=NotificationContent)


def notifications(person: Person, before: int | None, limit: int) -> list[Notification]:
    """The newest ones, or those older than the one numbered `before`."""
    query = select(Notification).where(Notification.person_id == person.id)
    if before:
        query = query.where(Notification.id < before)
    return list(db.session.scalars(query.order_by(Notification.id.desc()).limit(limit)))


def withheld(contents: Iterable[_Content]) -> list[_Content]:
    """Those that name an activity to somebody who has no part in it, and that has been hidden or withdrawn since: its
    title is not to be read any longer."""
    naming = [content for content in contents if kind_named(content.kind).names_to_others(content.parameters)]
    taken_away = _taken_away({_activity_id(content) for content in naming})
    return [content for content in naming if _activity_id(content) in taken_away]


def _activity_id(content: NotificationContent) -> int:
    return content.parameters.get("activity_id") or 0


def _taken_away(activity_ids: Set[int]) -> Set[int]:
    ends = (select(end.activity_id).where(end.activity_id.in_(activity_ids)) for end in (Removal, Withdrawal))
    return set(db.session.scalars(union_all(*ends))) if activity_ids else set()


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
