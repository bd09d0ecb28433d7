"""Where people are signed in: one session for each device, begun, found, listed, ended and forgotten.

The device's cookie carries a token; the database has only its hash.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, inspect, not_, or_, select, update
from sqlalchemy.orm import lazyload, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models.follow import Follow
from app.models.notification import Notification, PushSubscription
from app.models.person import Person, Role
from app.models.sign_in import SESSION_LIFE, DeviceSession

#: How old `seen_at` may get before it is updated, so that reading a page seldom causes a write.
RENEWED_AFTER: Final = timedelta(hours=1)


class Glance(NamedTuple):
    """What nearly every page needs to know about the signed-in person, as one row instead of three loaded objects."""

    id: int
    name: str
    role: str
    language: str
    theme: str
    municipality_id: int
    #: Until when the person may read but not write.
    limited_until: datetime | None
    device_id: int
    #: When the device was last recorded as used.
    seen_at: datetime
    #: How many notifications have not been opened, for the bell on every page.
    unread: int
    #: Whether the person follows anything, and so has a feed of their own.
    follows: bool
    #: What the person chose about pushes on this device, and the subscription that the server holds for it, if any.
    push_choice: str | None
    push_endpoint: str | None
    push_p256dh: str | None
    push_auth: str | None
    push_server_key: str | None

    def is_a(self, *roles: Role) -> bool:
        return self.role in roles


#: The columns are in the order of `Glance`.
_BY_TOKEN: Final = (
    select(
        Person.id,
        Person.name,
        Person.role,
        Person.language,
        Person.theme,
        Person.municipality_id,
        Person.limited_until,
        DeviceSession.id,
        DeviceSession.seen_at,
        select(func.count())
        .where(Notification.person_id == Person.id, Notification.is_unread)
        .scalar_subquery(),
        exists().where(Follow.person_id == Person.id),
        DeviceSession.push_choice,
        PushSubscription.endpoint,
        PushSubscription.p256dh,
        PushSubscription.auth,
        PushSubscription.application_server_key,
    )
    .join(Person, Person.id == DeviceSession.person_id)
    .outerjoin(PushSubscription, PushSubscription.device_session_id == DeviceSession.id)
    .where(DeviceSession.token_hash == bindparam("token_hash"), DeviceSession.is_signed_in)
    .where(Person.is_present)
)

_PERSON: Final = select(Person).where(Person.id == bindparam("person_id"))
_MAPPER: Final = inspect(Person)
#: What a glance tells of the person, by the names of their columns.
_OF_PERSON: Final = ("id", "name", "role", "language", "theme", "municipality_id", "limited_until")
#: Latest seen first. Whose they are is known to who asks, so it is not read with each of them.
_DEVICES: Final = (
    select(DeviceSession)
    .where(DeviceSession.person_id == bindparam("person_id"), DeviceSession.is_signed_in)
    .order_by(DeviceSession.seen_at.desc(), DeviceSession.id.desc())
    .options(lazyload(DeviceSession.person))
)


def begin_session(person: Person, label: str, now: datetime, token: str = "") -> str:
    """Sign the person in on a device; the list of devices shows the label. Returns the token for the cookie.

    A `token` that is given (services/accounts/sign_in.py) is used as it is; if it has a session, nothing is added.
    """
    if token and _has_session(token):
        return token
    token = token or secrets.token_urlsafe(32)
    person.signed_in_at = person.signed_in_at or now
    db.session.add(
        DeviceSession(person=person, token_hash=_hash(token), label=label, created_at=now, seen_at=now)
    )
    db.session.flush()
    return token


def session_has_ended(token: str) -> bool:
    """Whether there was a session with that token, and somebody has signed it out."""
    return _has_session(token, not_(DeviceSession.is_signed_in))


def glance_at(token: str) -> Glance | None:
    """The person who is signed in with that token; None when the session has ended or the person has left."""
    row = db.session.connection().execute(_BY_TOKEN, {"token_hash": _hash(token)}).first()
    return Glance._make(row) if row else None


def person_at(glance: Glance) -> Person:
    """The person, of whom the session knows what the glance tells. What else a page asks of them is read then: most ask
    for nothing, and reading all of a person takes as long as glancing twice. Ask before queries that load people by
    their names alone: what the session has already stays as it is."""
    present = db.session.identity_map.get(_MAPPER.identity_key_from_primary_key((glance.id,)))
    if present is not None:
        return present
    person: Person = _MAPPER.class_manager.new_instance()
    for column in _OF_PERSON:
        set_committed_value(person, column, getattr(glance, column))
    set_committed_value(person, "left_at", None)  # else there would be no glance
    make_transient_to_detached(person)
    db.session.add(person)
    return person


def whole_person_at(glance: Glance) -> Person:
    """The same with all that there is to know of them, for pages that ask for more."""
    return db.session.scalars(_PERSON, {"person_id": glance.id}).one()


def note_seen(glance: Glance, now: datetime) -> bool:
    """Record that the device was used, at most once an hour. Returns whether there is something to commit."""
    if now - glance.seen_at <= RENEWED_AFTER:
        return False
    db.session.execute(update(DeviceSession).where(DeviceSession.id == glance.device_id).values(seen_at=now))
    return True


def devices_of(person: Person) -> list[DeviceSession]:
    """Where the person is signed in, latest seen first."""
    return list(db.session.scalars(_DEVICES, {"person_id": person.id}))


def device_of(person: Person, device_id: int) -> DeviceSession | None:
    """One of the person's own devices, also one that has been signed out."""
    theirs = (DeviceSession.id == device_id, DeviceSession.person_id == person.id)
    return db.session.scalar(select(DeviceSession).where(*theirs))


def end_session(device: DeviceSession, now: datetime) -> None:
    """Sign the device out; it gets no more pushes. A second time changes nothing."""
    device.ended_at = device.ended_at or now
    db.session.execute(delete(PushSubscription).where(PushSubscription.device_session_id == device.id))


def end_all_sessions(person: Person, now: datetime) -> None:
    """Sign the person out on every device."""
    signed_in = (DeviceSession.person_id == person.id, DeviceSession.is_signed_in)
    db.session.execute(update(DeviceSession).where(*signed_in).values(ended_at=now))
    db.session.execute(delete(PushSubscription).where(PushSubscription.person_id == person.id))


def forget_devices(now: datetime, *, keep_for: timedelta) -> None:
    """Delete the devices that were signed out that long ago, and those whose cookie has run out."""
    expired = or_(DeviceSession.ended_at < now - keep_for, DeviceSession.created_at < now - SESSION_LIFE)
    db.session.execute(delete(DeviceSession).where(expired).execution_options(synchronize_session=False))


def _has_session(token: str, *conditions: ColumnElement[bool]) -> bool:
    session_ids = select(DeviceSession.id).where(DeviceSession.token_hash == _hash(token), *conditions)
    return db.session.scalar(session_ids) is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
