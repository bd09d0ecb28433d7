"""How people get in: six-digit codes by e-mail, and one long session for each device."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.checks import one_of
from app.models.person import Person

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
#: As long as the cookie lives (app/config.py).
SESSION_LIFE = timedelta(days=180)


class SignInCode(Model):
    """A code that was mailed because a browser asked for it, and that only this browser can use.

    Only keyed hashes are kept. A browser may have several codes for one address, and each of them works: people type
    the one from the first mail that they find.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Hash of the number that the browser's cookie holds (app/blueprints/auth/in_progress.py).
    browser_hash: Mapped[str] = mapped_column(index=True)
    email: Mapped[str]
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)


class PushChoice(StrEnum):
    ON = "on"
    OFF = "off"


class DeviceSession(Model):
    """A device that is signed in. The cookie carries the token; only its hash is kept."""

    __tablename__ = "device_session"
    __table_args__ = (one_of("push_choice", PushChoice),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    #: Browser and system, from its User-Agent header: "Chrome, Android".
    label: Mapped[str]
    created_at: Mapped[datetime]
    #: Updated at most once an hour, so that not every page that is read causes a write.
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: What the person chose about pushes here, a `PushChoice`; None before they chose. It outlives the subscription,
    #: which a push service may end and a browser lose: what is wanted and not there is made anew.
    push_choice: Mapped[str | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @hybrid_property
    def is_signed_in(self) -> bool:
        """The session has not been ended; in a query, the condition."""
        return self.ended_at is None

    @is_signed_in.inplace.expression
    @classmethod
    def _is_signed_in(cls) -> ColumnElement[bool]:
        return cls.ended_at.is_(None)
