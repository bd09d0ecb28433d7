"""Claims the deliveries that a worker is to send: those that are due and claimed by no other, grouped by device."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, Notification, PushSubscription
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.notifications.outbox import LEASE
from app.services.notifications.quiet_hours import Hours

#: How many deliveries to one device are looked at, at most: the push only says how many there are.
_MOST_PER_DEVICE = 40


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A claimed delivery with its notification; `attempts` includes the present one."""

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
    muted_kinds: list[str]
    #: The oldest that was due. Its number is the push's tag even if this one is dropped, so that the push replaces
    #: what the device may be showing already.
    oldest_notification_id: int
    deliveries: list[DueDelivery] = field(default_factory=list)


def claim_devices(now: datetime, most: int) -> list[DueDevice]:
    """Claim everything that is due to at most `most` devices, until the lease runs out. Commit at once."""
    first = _claim(now, most, ())
    if not first:
        return []
    # What else is due to these devices is claimed too, since a device gets one push and not several.
    subscriptions = sorted({subscription_id for _, subscription_id in first})
    rest = _claim(now, most * _MOST_PER_DEVICE, (Delivery.subscription_id.in_(subscriptions),))
    return _group_by_device([number for number, _ in (*first, *rest)])


def is_free(table: type[Any], now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions for rows of an outbox that are due and that no worker has claimed."""
    return (
        table.state == DeliveryState.WAITING.value,
        table.due_at <= now,
        or_(table.claimed_until.is_(None), table.claimed_until <= now),
    )


def _claim(now: datetime, most: int, where: tuple[ColumnElement[bool], ...]) -> Sequence[tuple[int, int]]:
    # On PostgreSQL workers skip each other's rows. SQLite has one writer at a time and ignores the clause.
    free = (
        select(Delivery.id)
        .where(*is_free(Delivery, now), *where)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(Delivery)
        .where(Delivery.id.in_(free))
        .values(claimed_until=now + LEASE, attempts=Delivery.attempts + 1)
        .returning(Delivery.id, Delivery.subscription_id)
        .execution_options(synchronize_session=False)
    )
    return [(row.id, row.subscription_id) for row in db.session.execute(claim)]


def _group_by_device(delivery_ids: list[int]) -> list[DueDevice]:
    devices: dict[int, DueDevice] = {}
    for row in db.session.execute(_rows_of(delivery_ids)):
        device = devices.get(row.subscription_id) or _device(row)
        devices[device.subscription_id] = device
        device.deliveries.append(
            DueDelivery(
                row.delivery_id, row.attempts, row.notification_id, row.kind, row.parameters, row.url, row.created_at,
                row.read_at,
            )
        )  # fmt: skip
    return list(devices.values())


def _device(row: Any) -> DueDevice:
    hours = Hours(row.push_from, row.push_until, row.push_weekends)
    return DueDevice(
        row.subscription_id,
        row.endpoint,
        row.p256dh,
        row.auth,
        not row.signed_in,
        row.language,
        hours,
        row.muted_kinds,
        row.notification_id,
    )


def _rows_of(delivery_ids: list[int]) -> Any:
    return (
        select(
            Delivery.id.label("delivery_id"),
            Delivery.attempts,
            Delivery.notification_id,
            Notification.kind,
            Notification.parameters,
            Notification.url,
            Notification.created_at,
            Notification.read_at,
            PushSubscription.id.label("subscription_id"),
            PushSubscription.endpoint,
            PushSubscription.p256dh,
            PushSubscription.auth,
            (DeviceSession.is_signed_in & Person.is_present).label("signed_in"),
            Person.language,
            Person.push_from,
            Person.push_until,
            Person.push_weekends,
            Person.muted_kinds,
        )
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(PushSubscription, PushSubscription.id == Delivery.subscription_id)
        .join(DeviceSession, DeviceSession.id == PushSubscription.device_session_id)
        .join(Person, Person.id == PushSubscription.person_id)
        .where(Delivery.id.in_(delivery_ids))
        .order_by(Notification.id)
    )
