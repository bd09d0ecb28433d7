"""Who is looking: the person and the device behind the session cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import select

from app import clock
from app.extensions import db, login
from app.models.person import Person
from app.models.sign_in import DeviceSession

_RENEW_SEEN = timedelta(hours=1)


class Viewer(UserMixin):
    """What Flask-Login keeps for a request; the cookie carries the device's token, not a person's number."""

    def __init__(self, device: DeviceSession, token: str) -> None:
        self.device = device
        self.person: Person = device.person
        self._token = token

    def get_id(self) -> str:
        return self._token


def viewer() -> Person:
    """The signed-in person. Only for routes that demand one (app/web/access.py)."""
    return current_user.person  # type: ignore[no-any-return]


def viewer_or_none() -> Person | None:
    return current_user.person if current_user.is_authenticated else None


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
    login_user(Viewer(started, token))
    return started


def sign_out() -> None:
    """Forget the person in this browser; ending the device session in the database is a service's work."""
    logout_user()
    session.clear()


@login.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Viewer | None:
    query = select(DeviceSession).where(DeviceSession.token_hash == _hash(token), DeviceSession.ended_at.is_(None))
    held = db.session.scalar(query)
    if held is None or held.person.left_at is not None:
        return None
    now = clock.now()
    if now - held.seen_at > _RENEW_SEEN:
        held.seen_at = now
        db.session.commit()
    return Viewer(held, token)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
