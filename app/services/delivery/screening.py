"""What of the claimed deliveries is sent now: wishes and hours may have changed since they were written."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, update

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, PushSubscription
from app.services.delivery.claim import DueDelivery, DueDevice
from app.services.delivery.timing import moments
from app.services.notifications.inbox import withheld
from app.services.notifications.outbox import MOST_ATTEMPTS

#: What has waited for so long is no news; it stays in the inbox.
TOO_OLD: Final = timedelta(days=7)


def screen(devices: list[DueDevice], now: datetime) -> list[DueDevice]:
    """The devices that get a push now, each with what it is about. The rest is settled or put off in the database."""
    _forget([device for device in devices if device.signed_out])
    present = [device for device in devices if not device.signed_out]
    _drop_useless(present, now)
    wanted = [device for device in present if device.deliveries]
    when = moments(wanted, now)
    _put_off([device for device in wanted if when[device.subscription_id] > now], when)
    return [device for device in wanted if when[device.subscription_id] <= now]


def _forget(devices: list[DueDevice]) -> None:
    """Nobody is signed in there any more: the subscription goes, and with it what waited."""
    if devices:
        numbers = [device.subscription_id for device in devices]
        _write(delete(PushSubscription).where(PushSubscription.id.in_(numbers)))


def _drop_useless(devices: list[DueDevice], now: datetime) -> None:
    dropped: dict[str, list[int]] = {}
    outdated = {row.id for row in withheld([row for device in devices for row in device.deliveries])}
    for device in devices:
        useless = {
            delivery.id: "taken away" if delivery.id in outdated else _useless(delivery, device, now)
            for delivery in device.deliveries
        }
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
    # A worker died each time, or what it was sent together with had tries left.
    return "tried too often" if delivery.attempts > MOST_ATTEMPTS else ""


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
