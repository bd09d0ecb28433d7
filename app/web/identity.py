"""Who is looking: the person and the device behind the session cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from flask import session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import bindparam, func, select, update

from app import clock
from app.extensions import db, login
from app.models.notification import Notification
from app.models.person import Person, Role
from app.models.sign_in import DeviceSession

_RENEW_SEEN = timedelta(hours=1)


class Glance(NamedTuple):
    """What nearly every page needs to know of the person; one light row instead of three joined entities."""

    id: int
    name: str
    role: str
    language: str
    theme: str
    municipality_id: int
    #: Notifications that have not been opened, for the bell that stands on every page.
    unread: int = 0

    def is_a(self, *roles: Role) -> bool:
        return self.role in roles


class Viewer(UserMixin):
    """What Flask-Login keeps for a request; the cookie carries the device's token, not a person's number."""

    def __init__(self, glance: Glance, device_id: int, token: str) -> None:
        self.glance = glance
        self._device_id = device_id
        self._token = token

    @cached_property
    def person(self) -> Person:
        return db.session.get_one(Person, self.glance.id)

    @cached_property
    def device(self) -> DeviceSession:
        return db.session.get_one(DeviceSession, self._device_id)

    def get_id(self) -> str:
        return self._token


def viewer() -> Person:
    """The signed-in person. Only for routes that demand one (app/web/access.py)."""
    return current_user.person  # type: ignore[no-any-return]


def viewer_or_none() -> Person | None:
    return current_user.person if current_user.is_authenticated else None


def glance_or_none() -> Glance | None:
    """The signed-in person at a glance: no further query."""
    # Asked a dozen times for a page: one look behind the proxy instead of two.
    return getattr(current_user._get_current_object(), "glance", None)


def device() -> DeviceSession:
    """The device that the signed-in person holds."""
    return current_user.device  # type: ignore[no-any-return]


def sign_in(person: Person, label: str, now: datetime) -> DeviceSession:
    """Begin a device session for the person and set the cookie; what an earlier visitor left in it goes."""
    token = secrets.token_urlsafe(32)
    started = DeviceSession(person=person, token_hash=_hash(token), label=label, created_at=now, seen_at=now)
    db.session.add(started)
    db.session.flush()
    session.clear()
    session.permanent = True
    login_user(Viewer(_glance(person), started.id, token))
    # Flask-Login's fingerprint of the browser, for a protection that is off: half of what every request would carry.
    session.pop("_id", None)
    return started


def sign_out() -> None:
    """Forget the person in this browser; ending the device session in the database is a service's work."""
    logout_user()
    session.clear()


_HELD = (
    select(
        Person.id,
        Person.name,
        Person.role,
        Person.language,
        Person.theme,
        Person.municipality_id,
        DeviceSession.id.label("device_id"),
        DeviceSession.seen_at,
        select(func.count())
        .where(Notification.person_id == Person.id, Notification.read_at.is_(None))
        .scalar_subquery()
        .label("unread"),
    )
    .join(Person, Person.id == DeviceSession.person_id)
    .where(DeviceSession.token_hash == bindparam("token_hash"), DeviceSession.ended_at.is_(None))
    .where(Person.is_present)
)


#: The device's token is the identity; phones change their address all day.
login.session_protection = None


@login.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Viewer | None:
    held = db.session.connection().execute(_HELD, {"token_hash": _hash(token)}).first()
    if held is None:
        return None
    now = clock.now()
    if now - held.seen_at > _RENEW_SEEN:
        renewed = update(DeviceSession).where(DeviceSession.id == held.device_id).values(seen_at=now)
        db.session.execute(renewed)
        db.session.commit()
    return Viewer(_glance(held, held.unread), held.device_id, token)


def _glance(person: Any, unread: int = 0) -> Glance:
    return Glance(
        person.id,
        person.name,
        person.role,
        person.language,
        person.theme,
        person.municipality_id,
        unread,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
