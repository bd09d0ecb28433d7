"""Who is looking: the person and the device behind the session cookie."""

from datetime import datetime
from functools import cached_property

from flask import session
from flask_login import UserMixin, current_user, login_user, logout_user

from app import clock
from app.extensions import db, login
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.accounts.devices import Glance, begin_session, glance_at, note_seen


class Viewer(UserMixin):
    """What Flask-Login keeps for a request; the cookie carries the device's token, not a person's number."""

    def __init__(self, glance: Glance, token: str) -> None:
        self.glance = glance
        self._token = token

    @cached_property
    def person(self) -> Person:
        return db.session.get_one(Person, self.glance.id)

    @cached_property
    def device(self) -> DeviceSession:
        return db.session.get_one(DeviceSession, self.glance.device_id)

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


def sign_in(person: Person, label: str, now: datetime) -> None:
    """Begin a device session for the person and set the cookie; what an earlier visitor left in it goes."""
    token = begin_session(person, label, now)
    session.clear()
    session.permanent = True
    if arrived := _viewer(token):  # not somebody who has left at this very moment
        login_user(arrived)
    # Flask-Login's fingerprint of the browser, for a protection that is off: half of what every request would carry.
    session.pop("_id", None)


def sign_out() -> None:
    """Forget the person in this browser; ending the device session in the database is a service's work."""
    logout_user()
    session.clear()


#: The device's token is the identity; phones change their address all day.
login.session_protection = None


@login.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Viewer | None:
    found = _viewer(token)
    if found and note_seen(found.glance, clock.now()):
        db.session.commit()
    return found


def _viewer(token: str) -> Viewer | None:
    glance = glance_at(token)
    return Viewer(glance, token) if glance else None
