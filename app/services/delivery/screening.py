"""Decides which claimed deliveries are sent now: preferences and hours may have changed since they were written."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, update

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, PushSubscription
from app.services.delivery.answered import drop_answered
from app.services.delivery.claim import DueDelivery, DueDevice
from app.services.delivery.timing import moments
from app.services.notifications.inbox import contents_to_withhold, reminders_too_late
from app.services.notifications.kinds import is_muted
from app.services.notifications.outbox import MOST_ATTEMPTS

#: What has waited longer than this is out of date and not pushed; it stays in the inbox.
TOO_OLD: Final = timedelta(days=7)


def screen(devices: list[DueDevice], now: datetime) -> list[DueDevice]:
    """The devices that get a push now, each with what is to be pushed. The rest is given up or postponed."""
    _delete_subscriptions([device for device in devices if device.signed_out])
    present = [device for device in devices if not device.signed_out]
    _drop_reminders(present)
    _drop_useless(present, now)
    when = moments([device for device in present if device.deliveries], now)
    _postpone({number: moment for number, moment in when.items() if moment > now})
    for device in present:
        device.deliveries = [delivery for delivery in device.deliveries if when[delivery.id] <= now]
    return [device for device in present if device.deliveries]


def _delete_subscriptions(devices: list[DueDevice]) -> None:
    """Nobody is signed in on these devices: delete their subscriptions, and with them what waited."""
    if devices:
        numbers = [device.subscription_id for device in devices]
        _write(delete(PushSubscription).where(PushSubscription.id.in_(numbers)))


def _drop_reminders(devices: list[DueDevice]) -> None:
    """Without a word of why."""
    dropped = drop_answered([delivery for device in devices for delivery in device.deliveries])
    for device in devices:
        device.deliveries = [delivery for delivery in device.deliveries if delivery.id not in dropped]


def _drop_useless(devices: list[DueDevice], now: datetime) -> None:
    numbers_by_reason: dict[str, list[int]] = {}
    deliveries = [delivery for device in devices for delivery in device.deliveries]
    outdated = dict.fromkeys((row.id for row in contents_to_withhold(deliveries)), "taken away")
    outdated |= dict.fromkeys((row.id for row in reminders_too_late(deliveries)), "no longer planned")
    for device in devices:
        useless = {
            delivery.id: outdated.get(delivery.id) or _useless(delivery, device, now)
            for delivery in device.deliveries
        }
        device.deliveries = [delivery for delivery in device.deliveries if not useless[delivery.id]]
        for number, why in useless.items():
            if why:
                numbers_by_reason.setdefault(why, []).append(number)
    for why, numbers in numbers_by_reason.items():
        columns = {
            "state": DeliveryState.GIVEN_UP.value,
            "settled_at": now,
            "claimed_until": None,
            "detail": why,
        }
        _write(update(Delivery).where(Delivery.id.in_(numbers)).values(columns))


def _useless(delivery: DueDelivery, device: DueDevice, now: datetime) -> str:
    """Why it need not be pushed; empty if it is to be pushed."""
    if delivery.read_at is not None:
        return "read in the inbox"
    if is_muted(delivery.kind, device.muted_groups):
        return "switched off"
    if device.is_paused:
        return "paused"
    if now - delivery.created_at > TOO_OLD:
        return "too old"
    # Something that was sent together with it had tries left.
    return "tried too often" if delivery.attempts >= MOST_ATTEMPTS else ""


def _postpone(when: dict[int, datetime]) -> None:
    """Release the deliveries until their moment comes."""
    by_moment: dict[datetime, list[int]] = {}
    for number, moment in when.items():
        by_moment.setdefault(moment, []).append(number)
    for moment, numbers in by_moment.items():
        columns = {"due_at": moment, "claimed_until": None}
        _write(update(Delivery).where(Delivery.id.in_(numbers)).values(columns))


def _write(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
