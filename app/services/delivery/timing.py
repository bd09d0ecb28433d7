"""When what is due may be pushed: the person's hours, the limits for a day, and the pauses of the push service."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import case, func, select

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, Notification
from app.services.delivery.claim import DueDevice
from app.services.notifications.kinds import AT_ANY_HOUR, SLOTTED
from app.services.notifications.quiet_hours import next_moment, next_slot
from app.services.programme.clock import programme_zone, start_of_day, tomorrow

#: The limit of pushes to one device on one day of the programme's calendar. The rest waits and is merged tomorrow.
MOST_A_DAY: Final = 6
#: The limit of those with something in them that nobody has asked of the person (PRODUCT: Nobody is disturbed
#: at dinner).
MOST_SLOTTED_A_DAY: Final = 2


class _Pushes(NamedTuple):
    """How many pushes a device has had today; `slotted` are those with something in them that waited for a slot."""

    all: int = 0
    slotted: int = 0


def moments(devices: list[DueDevice], now: datetime) -> dict[int, datetime]:
    """When each delivery may be pushed: within the person's hours, not before tomorrow if a limit of the day is
    reached, and not before a pause that its push service asked for has ended."""
    zone = programme_zone()
    numbers = [device.subscription_id for device in devices]
    pauses, pushes = _pauses(numbers, now), _pushes_since(numbers, start_of_day(now, zone))
    when: dict[int, datetime] = {}
    for device in devices:
        earliest = pauses.get(device.subscription_id, now)
        today = pushes.get(device.subscription_id, _Pushes())
        for delivery in device.deliveries:
            is_slotted = delivery.kind in SLOTTED
            if delivery.kind in AT_ANY_HOUR:
                when[delivery.id] = earliest
            elif today.all < MOST_A_DAY and not (is_slotted and today.slotted >= MOST_SLOTTED_A_DAY):
                when[delivery.id] = next_moment(device.hours, earliest, zone)
            else:
                first_moment = next_slot if is_slotted else next_moment
                when[delivery.id] = first_moment(device.hours, max(earliest, tomorrow(now, zone)), zone)
    return when


def _pauses(subscription_ids: list[int], now: datetime) -> dict[int, datetime]:
    """When the pauses end of devices whose push service failed or asked for one (Retry-After, RFC 8030 §8.4)."""
    query = (
        select(Delivery.subscription_id, func.max(Delivery.due_at))
        .where(
            Delivery.subscription_id.in_(subscription_ids),
            Delivery.state == DeliveryState.WAITING.value,
            Delivery.attempts > 0,
            Delivery.due_at > now,
        )
        .group_by(Delivery.subscription_id)
    )
    return dict(db.session.execute(query).all())


def _pushes_since(subscription_ids: list[int], since: datetime) -> dict[int, _Pushes]:
    if not subscription_ids:
        return {}
    # Deliveries that were merged into one push were settled at the same moment.
    of_slotted: Any = case((Notification.kind.in_(SLOTTED), Delivery.settled_at))
    query = (
        select(
            Delivery.subscription_id,
            func.count(Delivery.settled_at.distinct()),
            func.count(of_slotted.distinct()),
        )
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(
            Delivery.subscription_id.in_(subscription_ids),
            Delivery.state == DeliveryState.DELIVERED.value,
            Delivery.settled_at >= since,
            Notification.kind.not_in(AT_ANY_HOUR),
        )
        .group_by(Delivery.subscription_id)
    )
    return {number: _Pushes(*counts) for number, *counts in db.session.execute(query)}
