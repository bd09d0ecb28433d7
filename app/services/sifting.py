"""What of the claimed deliveries is sent now: wishes and hours may have changed since they were written."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, PushSubscription
from app.services.claims import DueDelivery, DueDevice
from app.services.outbox import MOST_ATTEMPTS
from app.services.quiet_hours import next_moment, programme_zone, start_of_day, tomorrow

#: Pushes to one device on one day of the programme's calendar; what is more waits and is merged into tomorrow's.
MOST_A_DAY: Final = 6
#: What has waited for so long is no news; it stays in the inbox.
TOO_OLD: Final = timedelta(days=7)


def sift(devices: list[DueDevice], now: datetime) -> list[DueDevice]:
    """The devices that get a push now, each with what it is about. The rest is settled or put off in the database."""
    _forget([device for device in devices if device.signed_out])
    present = [device for device in devices if not device.signed_out]
    _drop_useless(present, now)
    wanted = [device for device in present if device.deliveries]
    when = _moments(wanted, now)
    _put_off([device for device in wanted if when[device.subscription_id] > now], when)
    return [device for device in wanted if when[device.subscription_id] <= now]


def _forget(devices: list[DueDevice]) -> None:
    """Nobody is signed in there any more: the subscription goes, and with it what waited."""
    if devices:
        numbers = [device.subscription_id for device in devices]
        _write(delete(PushSubscription).where(PushSubscription.id.in_(numbers)))


def _drop_useless(devices: list[DueDevice], now: datetime) -> None:
    dropped: dict[str, list[int]] = {}
    for device in devices:
        useless = {delivery.id: _useless(delivery, device, now) for delivery in device.deliveries}
        device.deliveries = [delivery for delivery in device.deliveries if not useless[delivery.id]]
        for number, why in useless.items():
            if why:
                dropped.setdefault(why, []).append(number)
    for why, numbers in dropped.items():
        given_up = {
            "state": DeliveryState.GIVEN_UP.value,
            "settled_at": now,
            "claimed_until": None,
            "detail": why,
        }
        _write(update(Delivery).where(Delivery.id.in_(numbers)).values(given_up))


def _useless(delivery: DueDelivery, device: DueDevice, now: datetime) -> str:
    """Why the person need not be disturbed with it; empty if they should be."""
    if delivery.read_at is not None:
        return "read in the inbox"
    if delivery.kind in device.muted_kinds:
        return "switched off"
    if now - delivery.created_at > TOO_OLD:
        return "too old"
    # Only a worker that died each time leaves so many attempts behind.
    return "tried too often" if delivery.attempts > MOST_ATTEMPTS else ""


def _moments(devices: list[DueDevice], now: datetime) -> dict[int, datetime]:
    """When each device may be pushed to: within the person's hours, and tomorrow's if it has had enough today."""
    zone = programme_zone()
    had_enough = _had_enough([device.subscription_id for device in devices], start_of_day(now, zone))
    return {
        device.subscription_id: next_moment(
            device.hours, tomorrow(now, zone) if device.subscription_id in had_enough else now, zone
        )
        for device in devices
    }


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


def _put_off(devices: Iterable[DueDevice], when: dict[int, datetime]) -> None:
    """Let go of them until their moment; that was no attempt."""
    by_moment: dict[datetime, list[int]] = {}
    for device in devices:
        numbers = [delivery.id for delivery in device.deliveries]
        by_moment.setdefault(when[device.subscription_id], []).extend(numbers)
    for moment, numbers in by_moment.items():
        later = {"due_at": moment, "claimed_until": None, "attempts": Delivery.attempts - 1}
        _write(update(Delivery).where(Delivery.id.in_(numbers)).values(later))


def _write(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
