"""What people are told: the inbox, the devices that take pushes, and the outbox of deliveries."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.checks import one_of
from app.models.person import Person


class Kind(StrEnum):
    """The kinds of notification by name; all else about a kind is its row in app/services/notifications/kinds.py."""

    STAGE = "stage"
    INVITATION = "invitation"
    ANSWER = "answer"
    CHANGE = "change"
    CHEER = "cheer"
    MODERATION = "moderation"
    TEST = "test"


class Notification(Model):
    """One message to one person: always in the inbox, perhaps pushed too. The words are made when it is read, in the
    reader's language, from the kind and its parameters."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notification_person_id_id", "person_id", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            sqlite_where=text("read_at is null"),
            postgresql_where=text("read_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    #: A `Kind`. No check in the database repeats the list: a new kind needs no migration.
    kind: Mapped[str]
    #: What it is about, such as "stage:2:activate"; the same again tells nobody twice.
    key: Mapped[str]
    #: Numbers and names for the wording, plain JSON.
    parameters: Mapped[dict[str, Any]]
    #: The path that it opens.
    url: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class PushSubscription(Model):
    """A browser that takes pushes (the W3C PushSubscription); it lives as long as the device is signed in."""

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    device_session_id: Mapped[int] = mapped_column(
        ForeignKey("device_session.id", ondelete="CASCADE"), index=True
    )
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Delivery(Model):
    """The outbox: a push that is to reach one device. Written in the transaction of what it tells about.

    A worker claims rows for a while (`claimed_until`); if it dies, the claim runs out and another takes them. The push
    carries the notification's tag and topic, so that one sent again replaces itself instead of showing twice.
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
    #: Not before: the recipient's hours, or the wait before the next try.
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    #: What the push service said last, for the settings page and the log.
    detail: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]

    notification: Mapped[Notification] = relationship(lazy="raise_on_sql")
    subscription: Mapped[PushSubscription] = relationship(lazy="raise_on_sql")


class Mail(Model):
    """The outbox for mail: the same promise as for pushes. The words are made when it is written: codes expire."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING.value)
    due_at: Mapped[datetime]
    #: No use in sending it after this (a code has run out).
    expires_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
