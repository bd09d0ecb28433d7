"""What is due: the claimed deliveries with all that a push is made of, grouped by device."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.notification import Delivery, Notification, PushSubscription
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.delivery.claim import Claim, DueDelivery, DueDevice
from app.services.notifications.kinds import kind_named
from app.services.notifications.quiet_hours import HOURS_COLUMNS, hours_of


def due_devices(claims: Sequence[Claim]) -> list[DueDevice]:
    """The devices that the deliveries go to."""
    devices: dict[int, DueDevice] = {}
    for row in db.session.execute(_rows_of(claims)):
        device = devices.get(row.subscription_id) or _device(row)
        devices[device.subscription_id] = device
        device.deliveries.append(
            DueDelivery(
                row.delivery_id, row.attempts, row.notification_id, row.kind, row.parameters, row.url, row.created_at,
                row.read_at,
            )
        )  # fmt: skip
    return list(devices.values())


def merge(devices: Iterable[DueDevice]) -> list[DueDevice]:
    """The same, each device once."""
    by_number: dict[int, DueDevice] = {}
    for device in devices:
        first = by_number.setdefault(device.subscription_id, device)
        if first is not device:
            first.deliveries = sorted(
                (*first.deliveries, *device.deliveries), key=lambda delivery: delivery.notification_id
            )
            first.oldest_notification_id = min(first.oldest_notification_id, device.oldest_notification_id)
    return list(by_number.values())


def each_alone(devices: Iterable[DueDevice]) -> Iterator[DueDevice]:
    """The same, parted by what a message tells of: what asks for an answer of its own goes alone, the rest together."""
    for device in devices:
        alone = [one for one in device.deliveries if kind_named(one.kind).is_answered]
        rest = [one for one in device.deliveries if not kind_named(one.kind).is_answered]
        for one in alone:
            yield replace(device, oldest_notification_id=one.notification_id, deliveries=[one])
        if rest:
            yield replace(device, deliveries=rest)


def _device(row: Any) -> DueDevice:
    return DueDevice(
        row.subscription_id,
        row.endpoint,
        row.p256dh,
        row.auth,
        not row.signed_in,
        row.language,
        hours_of(row),
        row.muted_groups,
        row.is_paused,
        row.notification_id,
        person_id=row.person_id,
    )


def _rows_of(claims: Sequence[Claim]) -> Any:
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
            PushSubscription.person_id,
            (DeviceSession.is_signed_in & Person.is_present).label("signed_in"),
            Person.language,
            Person.muted_groups,
            Person.is_paused.label("is_paused"),
            *HOURS_COLUMNS,
        )
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(PushSubscription, PushSubscription.id == Delivery.subscription_id)
        .join(DeviceSession, DeviceSession.id == PushSubscription.device_session_id)
        .join(Person, Person.id == PushSubscription.person_id)
        .where(Delivery.id.in_([delivery.id for delivery in claims]))
        .order_by(Notification.id)
    )
