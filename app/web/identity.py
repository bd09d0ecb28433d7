"""Who is looking: the person and the device behind the session cookie."""

from datetime import datetime
from functools import cached_property

from flask import g, session
from flask_login import UserMixin, current_user, login_user, logout_user

from app import clock
from app.extensions import db, login
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.accounts.devices import (
    Glance,
    begin_session,
    glance_at,
    note_seen,
    person_at,
    whole_person_at,
)
from app.web.network import network
from app.web.trace import is_untraced


class Viewer(UserMixin):
    """Flask-Login's user for one request. The cookie holds the device's token, not the person's number."""

    def __init__(self, glance: Glance, token: str) -> None:
        self.glance = glance
        self._token = token

    @cached_property
    def person(self) -> Person:
        return person_at(self.glance)

    @cached_property
    def whole_person(self) -> Person:
        return whole_person_at(self.glance)

    @cached_property
    def device(self) -> DeviceSession:
        return db.session.get_one(DeviceSession, self.glance.device_id)

    def get_id(self) -> str:
        return self._token


def viewer() -> Person:
    """The signed-in person. Only for routes that demand one (app/web/access.py)."""
    return current_user.person  # type: ignore[no-any-return]


def whole_viewer() -> Person:
    """The same, read at once with all that the person has chosen: for pages that show or change much of it."""
    return current_user.whole_person  # type: ignore[no-any-return]


def viewer_or_none() -> Person | None:
    return current_user.person if current_user.is_authenticated else None


def glance_or_none() -> Glance | None:
    """What is known of the signed-in person without a further query."""
    # Looked for where Flask-Login keeps it, since a page asks a dozen times; Flask-Login is asked the first time.
    user = g.get("_login_user") or current_user._get_current_object()
    return getattr(user, "glance", None)


def glance() -> Glance:
    """The same, for routes that demand a signed-in person (app/web/access.py)."""
    return current_user.glance  # type: ignore[no-any-return]


def person_key() -> str:
    """Whose limit a request counts in: the person's, on all devices and networks; else the network's."""
    person = glance_or_none()
    return key_of_person(person.id) if person else network()


def key_of_person(person_id: int) -> str:
    return f"person:{person_id}"


def device() -> DeviceSession:
    """The device that the signed-in person uses now."""
    return current_user.device  # type: ignore[no-any-return]


def sign_in(person: Person, label: str, now: datetime, token: str = "") -> None:
    """Begin a device session for the person and set the cookie; the session is cleared first. With a `token` that has a
    session already, go on with that one."""
    token = begin_session(person, label, now, token)
    session.clear()
    session.permanent = True
    if user := _viewer(token):  # None when the person has left at this very moment
        login_user(user)
    # Flask-Login's fingerprint of the browser is for a protection that is off, and would double the cookie's size.
    session.pop("_id", None)


def sign_out() -> None:
    """Forget the person in this browser; services/accounts/devices.py ends the session in the database."""
    logout_user()
    session.clear()


#: The device's token is the identity; phones change their address all day.
login.session_protection = None
# Flask-Login makes its fingerprint of the browser for each request all the same.
login._session_identifier_generator = str


@login.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Viewer | None:
    user = _viewer(token)
    if user and not is_untraced() and note_seen(user.glance, clock.now()):
        db.session.commit()
    return user


def _viewer(token: str) -> Viewer | None:
    glance = glance_at(token)
    return Viewer(glance, token) if glance else None
