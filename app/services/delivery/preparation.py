"""Makes claimed deliveries into messages. What cannot be read, screened or put into words is kept and logged, and the
others go on."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from app.gateways.push.answers import PushResult
from app.services.delivery.claim import Bundle, Claim, DueDevice
from app.services.delivery.due import due_devices, each_alone, merge
from app.services.delivery.isolation import together_or_apart
from app.services.delivery.message import Parcel, PushWording
from app.services.delivery.screening import screen
from app.services.delivery.settle import Answered, settle
from app.text import foreign

log = structlog.get_logger()


def ready_devices(claims: Sequence[Claim], now: datetime) -> list[DueDevice]:
    """The devices that get a push now, once for each message. The rest is given up, postponed, or kept until we have
    mended something."""

    def read_and_screen(some: Sequence[Claim]) -> list[DueDevice]:
        return screen(due_devices(some), now)

    def keep(delivery: Claim, error: Exception) -> None:
        bundle = Bundle((delivery.id,), delivery.attempts, delivery.subscription_id)
        settle([(bundle, _not_prepared(bundle, error))], now)

    return list(each_alone(merge(together_or_apart(claims, read_and_screen, keep))))


def pack(device: DueDevice, wording: PushWording) -> tuple[Parcel | None, list[Answered]]:
    """The message to the device, and what there are no words for: then one goes that tells only of the others."""
    problems: list[Answered] = []
    while device.deliveries:
        try:
            return wording.parcel(device), problems
        except Exception as error:
            # The words are those of the newest.
            newest = device.deliveries.pop()
            bundle = Bundle((newest.id,), newest.attempts, device.subscription_id, device.endpoint)
            problems.append((bundle, _not_prepared(bundle, error)))
    return None, problems


def _not_prepared(bundle: Bundle, error: Exception) -> PushResult:
    log.error("push not prepared", subscription=bundle.subscription_id, exc_info=error)
    detail = foreign(f"{type(error).__name__}: {error}")
    return PushResult(bundle.delivery_ids[0], "ours", detail=detail)
