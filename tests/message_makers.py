"""Leads' own messages, written through the service."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.notification import Kind, Notification
from app.models.own_message import Audience, OwnMessage
from app.models.person import Person
from app.services.stages.own_messages import Content, write_message
from app.services.stages.send_messages import send_messages
from tests.factories import NOW, stage

_numbers = count(1)

#: The next slot after NOW, 13.30 on the same Tuesday, and the minute in which the worker comes to it.
SLOT = datetime(2026, 11, 10, 12, 30, tzinfo=UTC)


def content(**over: Any) -> Content:
    """To everybody at the next slot; keywords replace columns."""
    columns: dict[str, Any] = {
        "audience": Audience.EVERYBODY.value, "roles": [], "municipality_ids": [],
        "title": {"sv": "Cykla med på fredag?"}, "body": {"sv": "Tolv platser kvar. Häng på."},
        "url": "/challenges", "due_at": SLOT,
    }  # fmt: skip
    return Content(**columns | over)


def make_message(by: Person, **over: Any) -> OwnMessage:
    """Written by `by` at NOW in stage 2, committed; keywords replace columns."""
    key = over.pop("request_key", f"message-{next(_numbers)}")
    message = write_message(stage(), content(**over), by=by, request_key=key, now=NOW)
    db.session.commit()
    return message


def make_gone(by: Person, now: datetime, **over: Any) -> OwnMessage:
    """One that has gone out to everybody, at that moment."""
    title = {"sv": "Ta med en granne", "en": "Bring a neighbour"}
    message = make_message(by, due_at=now, title=title, **over)
    send_at(now)
    return message


def send_at(now: datetime) -> None:
    """What the worker does, at that moment."""
    send_messages(now, commit=db.session.commit)


def told() -> set[int]:
    """Who has been told of some message; nobody twice of one."""
    kind = Notification.kind == Kind.MESSAGE.value
    rows = db.session.execute(select(Notification.person_id, Notification.key).where(kind)).all()
    assert len(rows) == len(set(rows))
    return {person_id for person_id, _key in rows}


def as_it_is(message: OwnMessage) -> OwnMessage:
    """What the database says of it by now."""
    return db.session.get_one(OwnMessage, message.id, populate_existing=True)
