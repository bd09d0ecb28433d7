"""Claims the deliveries that a worker is to send: those that are due and claimed by no other.

A claim uses up no attempt: that is counted when there is an answer, or none in time (settle.py). But something may kill
the worker each time that it is sent, and must not do so for ever, nor keep from their way those that are claimed with
it. So a delivery counts the claims that ran out before it was settled (`interruptions`), and the more there are, the
fewer are claimed with it: after the second it is alone, and in the end it is given up.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, case, exists, or_, select, update

from app.extensions import db
from app.models.notification import Delivery, DeliveryState
from app.services.notifications.outbox import LEASE
from app.services.notifications.quiet_hours import Hours

#: How many deliveries are claimed at a time, by how often a claim of theirs has run out: never, once, more often. Even
#: if no service answers, a portion is done long before its claim runs out.
PORTIONS: Final = (500, 64, 1)
#: A delivery whose claims ran out more often is not tried again.
MOST_INTERRUPTIONS: Final = 5
#: How many deliveries to one device are looked at, at most: the push only says how many there are.
_MOST_PER_DEVICE: Final = 40

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours until the lease runs out. `attempts` are those that were made before."""

    id: int
    subscription_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A claimed delivery with its notification; `attempts` are those that were made before."""

    id: int
    attempts: int
    notification_id: int
    kind: str
    parameters: dict[str, Any]
    url: str
    created_at: datetime
    read_at: datetime | None


@dataclass(slots=True)
class DueDevice:
    """A device with everything that is due to it, oldest first, and its person's preferences."""

    subscription_id: int
    endpoint: str
    p256dh: str
    auth: str
    signed_out: bool
    language: str
    hours: Hours
    muted_groups: list[str]
    is_paused: bool
    #: The oldest that was due. Its number is the push's tag even if this one is dropped, so that the push replaces
    #: what the device may be showing already.
    oldest_notification_id: int
    deliveries: list[DueDelivery] = field(default_factory=list)
    #: Whose it is.
    person_id: int = 0

    @property
    def bundle(self) -> "Bundle":
        """What one push for all of them settles."""
        # It is tried until each has used up its tries; screening drops those that have.
        attempts = min(delivery.attempts for delivery in self.deliveries)
        numbers = tuple(delivery.id for delivery in self.deliveries)
        return Bundle(numbers, attempts, self.subscription_id, self.endpoint)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Deliveries to one device that one answer settles. `endpoint` is empty when it could not be read."""

    delivery_ids: tuple[int, ...]
    attempts: int
    subscription_id: int
    endpoint: str = ""


def claim(now: datetime, interruptions: int) -> list[Claim]:
    """Claim a portion of what is due and was interrupted so often (the last portion: that and more often), and what
    else is due to the same devices. Commit at once."""
    last = interruptions == len(PORTIONS) - 1
    if last:
        _give_up_interrupted(now)
    condition = _interruptions >= interruptions if last else _interruptions == interruptions
    first = _claim(now, PORTIONS[interruptions], condition)
    if not first:
        return []
    # What else is due to these devices is claimed too, since a device gets one push and not several.
    subscriptions = sorted({delivery.subscription_id for delivery in first})
    most = _MOST_PER_DEVICE * len(first)
    rest = _claim(now, most, condition, Delivery.subscription_id.in_(subscriptions))
    return sorted((*first, *rest), key=lambda delivery: (delivery.subscription_id, delivery.id))


def is_any_due(now: datetime) -> bool:
    """Whether there is anything to claim: mostly there is not, and every worker looks all the time."""
    return bool(db.session.scalar(select(exists().where(*is_free(Delivery, now)))))


def is_free(table: type[Any], now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions for rows of an outbox that are due and that no worker has claimed."""
    return (
        table.state == DeliveryState.WAITING.value,
        table.due_at <= now,
        or_(table.claimed_until.is_(None), table.claimed_until <= now),
    )


#: Of a delivery that is free: one that still carries a claim was not settled in its time.
_interruptions = Delivery.interruptions + case((Delivery.claimed_until.is_not(None), 1), else_=0)


def _give_up_interrupted(now: datetime) -> None:
    change = (
        update(Delivery)
        .where(*is_free(Delivery, now), _interruptions > MOST_INTERRUPTIONS)
        .values(
            state=DeliveryState.GIVEN_UP.value,
            settled_at=now,
            claimed_until=None,
            detail="interrupted too often",
        )
        .returning(Delivery.id)
    )
    numbers = db.session.scalars(change.execution_options(synchronize_session=False)).all()
    if numbers:
        log.error("pushes interrupted too often are given up", deliveries=numbers)


def _claim(now: datetime, most: int, *where: ColumnElement[bool]) -> list[Claim]:
    # On PostgreSQL workers skip each other's rows. SQLite has one writer at a time and ignores the clause. As a plain
    # subquery PostgreSQL may look for them several times, and claim more than the limit.
    free = (
        select(Delivery.id)
        .where(*is_free(Delivery, now), *where)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    claim = (
        update(Delivery)
        .where(Delivery.id.in_(select(free.c.id)))
        .values(claimed_until=now + LEASE, interruptions=_interruptions)
        .returning(Delivery.id, Delivery.subscription_id, Delivery.attempts)
        .execution_options(synchronize_session=False)
    )
    return [Claim(*row) for row in db.session.execute(claim)]
