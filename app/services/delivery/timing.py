"""When a device may be pushed to: its person's hours, enough for one day, and the pauses of its push service."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.notification import Delivery, DeliveryState
from app.services.delivery.claim import DueDevice
from app.services.notifications.quiet_hours import next_moment
from app.services.programme.clock import programme_zone, start_of_day, tomorrow

#: Pushes to one device on one day of the programme's calendar; what is more waits and is merged into tomorrow's.
MOST_A_DAY: Final = 6


def moments(devices: list[DueDevice], now: datetime) -> dict[int, datetime]:
    """When each device may be pushed to: within the person's hours, tomorrow's if it has had enough today, and not
    before its push service wants to hear from us again."""
    zone = programme_zone()
    numbers = [device.subscription_id for device in devices]
    earliest = dict.fromkeys(numbers, now) | _resting(numbers, now)
    for number in _had_enough(numbers, start_of_day(now, zone)):
        earliest[number] = max(earliest[number], tomorrow(now, zone))
    return {
        device.subscription_id: next_moment(device.hours, earliest[device.subscription_id], zone)
        for device in devices
    }


def _resting(subscription_ids: list[int], now: datetime) -> dict[int, datetime]:
    """Until when those whose push service failed or asked for a pause (Retry-After, RFC 8030 §8.4) are left alone."""
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


def _had_enough(subscription_ids: list[int], since: datetime) -> set[int]:
    if not subscription_ids:
        return set()
    # Deliveries that were merged into one push were settled at one moment.
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
