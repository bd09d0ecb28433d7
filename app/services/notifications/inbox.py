"""What a person has been told, newest first, and what of it they have opened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select, update

from app.extensions import db
from app.models.contribution import Contribution, is_visible
from app.models.notification import Kind, Notification
from app.models.person import Person


class Told(Protocol):
    """A notification, or what is to be pushed of it."""

    @property
    def kind(self) -> str: ...
    @property
    def parameters(self) -> dict[str, Any]: ...


_Told = TypeVar("_Told", bound=Told)


def notifications(person: Person, before: int | None, limit: int) -> list[Notification]:
    """The newest ones, or those older than the one numbered `before`."""
    query = select(Notification).where(Notification.person_id == person.id)
    if before:
        query = query.where(Notification.id < before)
    return list(db.session.scalars(query.order_by(Notification.id.desc()).limit(limit)))


def withheld(told: Iterable[_Told]) -> list[_Told]:
    """Those that name an activity to somebody who has no part in it, and that has been hidden or withdrawn since: its
    title is not to be read any longer."""
    named = [row for row in told if _names_it_to_others(row)]
    numbers = {row.parameters.get("activity_id") for row in named} - {None}
    out_of_sight = select(Contribution.id).where(Contribution.id.in_(numbers), ~is_visible(Contribution.id))
    gone = set(db.session.scalars(out_of_sight)) if numbers else set()
    return [row for row in named if row.parameters.get("activity_id") in gone]


def _names_it_to_others(row: Told) -> bool:
    looked_at = row.parameters.get("event") == "looked_at" and bool(row.parameters["title"])
    return row.kind == Kind.INVITATION or looked_at


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
