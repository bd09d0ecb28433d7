"""When a device may be pushed to: the person's hours, the limit for a day, and the pauses of its push service."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.notification import Delivery, DeliveryState
from app.services.delivery.claim import DueDevice
from app.services.notifications.quiet_hours import next_moment
from app.services.programme.clock import programme_zone, start_of_day, tomorrow

#: The limit of pushes to one device on one day of the programme's calendar. The rest waits and is merged tomorrow.
MOST_A_DAY: Final = 6


def moments(devices: list[DueDevice], now: datetime) -> dict[int, datetime]:
    """When each device may be pushed to: within the person's hours, not before tomorrow if the day's limit is reached,
    and not before a pause that its push service asked for has ended."""
    zone = programme_zone()
    numbers = [device.subscription_id for device in devices]
    earliest = dict.fromkeys(numbers, now) | _pauses(numbers, now)
    for number in _at_the_limit(numbers, start_of_day(now, zone)):
        earliest[number] = max(earliest[number], tomorrow(now, zone))
    return {
        device.subscription_id: next_moment(device.hours, earliest[device.subscription_id], zone)
        for device in devices
    }


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


def _at_the_limit(subscription_ids: list[int], since: datetime) -> set[int]:
    if not subscription_ids:
        return set()
    # Deliveries that were merged into one push were settled at the same moment.
    pushes = func.count(Delivery.settled_at.distinct())
    query = (
        select(Delivery.subscription_id)
        .where(
            Delivery.subscription_id.in_(subscription_ids),
            Delivery.state == DeliveryState.DELIVERED.value,
            Delivery.settled_at >= since,
        )
        .group_by(Delivery.subscription_id)
        .having(pushes >= MOST_A_DAY)
    )
    return set(db.session.scalars(query))
