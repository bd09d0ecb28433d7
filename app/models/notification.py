"""What people are told: the inbox, the devices that take pushes, and the outbox of deliveries."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, UniqueConstraint, exists, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.checks import one_of
from app.models.person import Person
from app.models.sign_in import DeviceSession


class Kind(StrEnum):
    """The names of the kinds; everything else about a kind is its row in app/services/notifications/kinds.py."""

    STAGE = "stage"
    INVITATION = "invitation"
    ANSWER = "answer"
    CHANGE = "change"
    COMING = "coming"
    CHEER = "cheer"
    THANKS = "thanks"
    COMMENT = "comment"
    MENTION = "mention"
    IDEA = "idea"
    TIP = "tip"
    MODERATION = "moderation"
    CHALLENGE = "challenge"
    BADGE = "badge"
    POINTS = "points"
    SURVEY = "survey"
    PLAN = "plan"
    CLOSE_OUT = "closeout"
    SUGGESTION = "suggestion"
    SUMMARY = "summary"
    MESSAGE = "message"
    TEST = "test"


class Group(StrEnum):
    """The groups of kinds that a person switches off; what each is called is in services/notifications/kinds.py."""

    STAGE = "stage"
    PLANS = "plans"
    TOGETHER = "together"
    THANKS = "thanks"
    CHALLENGES = "challenges"
    SURVEY = "survey"
    REVIEWS = "reviews"


class Notification(Model):
    """One message to one person: always in the inbox, perhaps pushed too. Its text is made from the kind and the
    parameters when it is read, in the reader's language."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notification_person_id_id", "person_id", "id"),
        # What came of the playbook is counted for a day, however many years of notifications there are.
        Index("ix_notification_created_at", "created_at"),
        Index(
            "ix_notification_unread",
            "person_id",
            sqlite_where=text("read_at is null"),
            postgresql_where=text("read_at is null"),
        ),
        Index(
            "ix_notification_not_digested",
            "person_id",
            "created_at",
            sqlite_where=text("read_at is null and is_digested = 0"),
            postgresql_where=text("read_at is null and not is_digested"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    #: A `Kind`. No check in the database repeats the list: a new kind needs no migration.
    kind: Mapped[str]
    #: Names the event, such as "stage:2:activate"; nobody is told twice under the same key.
    key: Mapped[str]
    #: What the text is made from: numbers and names, as plain JSON.
    parameters: Mapped[dict[str, Any]]
    #: The path of the page that it opens.
    url: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    #: Whether a digest by mail has told of it, or left it out for good. It keeps no time: when a mail went out, beside
    #: what it can have told of, could say whom a reminder of the survey went to.
    is_digested: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")

    @hybrid_property
    def is_unread(self) -> bool:
        """It has not been opened; in a query, the condition."""
        return self.read_at is None

    @is_unread.inplace.expression
    @classmethod
    def _is_unread(cls) -> ColumnElement[bool]:
        return cls.read_at.is_(None)


class PushSubscription(Model):
    """A browser that takes pushes (the W3C PushSubscription), one for each device. It is deleted when the device signs
    out, when its person switches pushes off, and when the push service says that it has ended."""

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    device_session_id: Mapped[int] = mapped_column(
        ForeignKey("device_session.id", ondelete="CASCADE"), unique=True
    )
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    #: Our public key that the browser subscribed with: nothing signed with another one arrives. Empty: not known.
    application_server_key: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


def takes_pushes(person_id: Any) -> ColumnElement[bool]:
    """Condition: the person, which may be a column, has a device that is signed in and takes pushes."""
    device = exists().where(
        PushSubscription.person_id == person_id,
        DeviceSession.id == PushSubscription.device_session_id,
        DeviceSession.is_signed_in,
    )
    return device.correlate_except(PushSubscription, DeviceSession)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Delivery(Model):
    """The outbox of pushes: a notification to be pushed to one device, written in the transaction of the event.

    A worker claims rows for a while (`claimed_until`); if it dies, the claim runs out and another worker takes them.
    Tag and topic name the notification, so a push that is sent again replaces the first one instead of showing twice.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notification_id", "subscription_id"),
        one_of("state", DeliveryState),
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_subscription_id", "subscription_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notification_id: Mapped[int] = mapped_column(ForeignKey("notification.id", ondelete="CASCADE"))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("push_subscription.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING.value)
    #: Not sent before this: it waits for the recipient's hours, or for the next try.
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    #: How often it was handed to a push service, whatever came of it. A claim alone does not count.
    attempts: Mapped[int] = mapped_column(default=0)
    #: How many claims in a row ran out before it was settled: its worker died, and may have died of it.
    interruptions: Mapped[int] = mapped_column(default=0)
    #: The push service's last answer, or why nothing was sent.
    detail: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]

    notification: Mapped[Notification] = relationship(lazy="raise_on_sql")
    subscription: Mapped[PushSubscription] = relationship(lazy="raise_on_sql")


class Mail(Model):
    """The outbox of mail, claimed and sent like the pushes. The text of a code is stored until it is sent, because it
    cannot be made again. That of a digest is made when it is sent: till then its `contents` may be read, hidden or
    taken back."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_state_due_at", "state", "due_at"),
        Index("ix_mail_to", "to"),
        UniqueConstraint("about", "to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Made at the first try and carried by every later one, so that a server can tell a second copy from a second mail.
    message_id: Mapped[str | None]
    #: Names the event, as `Notification.key` does; nobody is mailed twice about the same. None of a code to sign in.
    about: Mapped[str | None]
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    #: The same text as a page; empty where there is none.
    html: Mapped[str] = mapped_column(default="")
    #: The numbers of the notifications that a digest tells of; None of any other mail, and of one that was sent.
    contents: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING.value)
    due_at: Mapped[datetime]
    #: Not sent after this, because a code in it has expired.
    expires_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
