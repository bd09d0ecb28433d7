"""Empties the outbox of pushes: claims what is due, sends it in parallel, and settles each by the answer to it.

The claim is committed before anything is sent, and each portion of answers when it is complete. Nothing is lost when a
worker is killed in between: its claim runs out, and another worker sends again under the same topic and tag, so that
the device shows one notification and not two.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

import structlog

from app.extensions import db
from app.gateways.push import webpush
from app.gateways.push.answers import PushResult
from app.models.sign_in import DeviceSession
from app.services.delivery.claim import DueDevice, claim_devices
from app.services.delivery.message import Parcel, PushWording, trial_message
from app.services.delivery.screening import screen
from app.services.delivery.sender import PushSender
from app.services.delivery.settle import Settlement
from app.services.delivery.subscriptions import subscription_of

#: Devices claimed at a time. Even if no service answers, a portion is done long before its claim runs out.
_PORTION: Final = 500
#: Answers that are settled in one transaction.
_SETTLED_AT_ONCE: Final = 250

log = structlog.get_logger()


def deliver_pushes(sender: PushSender, *, commit: Callable[[], None], moment: Callable[[], datetime]) -> int:
    """Send every push that is due; returns how many messages were given to push services.

    `commit` ends each step: what has been sent must stay recorded even if the caller fails later.
    """
    run = _Run(commit, moment)
    try:
        results = webpush.deliver(
            run.messages(),
            vapid=sender.vapid,
            extra_hosts=sender.extra_hosts,
            ca_bundle=sender.ca_bundle,
            timeout=sender.timeout,
            on_result=run.note,
        )
    finally:
        # Also when the run failed: what has been answered and is not written down would be sent again.
        run.settle()
    if results:
        log.info("pushes", sent=len(results), delivered=sum(result.kind == "delivered" for result in results))
    return len(results)


class TrialResult(StrEnum):
    """The result of a push that somebody asked for to see whether pushes work."""

    DELIVERED = "delivered"
    GONE = "gone"
    REFUSED = "refused"
    RETRY = "retry"
    OFF = "off"
    NO_KEYS = "no_keys"


def try_push(sender: PushSender | None, device: DeviceSession, language: str) -> TrialResult:
    """Push a test to this device at once, whatever the hour. A subscription that is found dead is deleted."""
    subscription = subscription_of(device)
    if sender is None or subscription is None:
        return TrialResult.OFF if sender else TrialResult.NO_KEYS
    (result,) = webpush.deliver(
        [trial_message(subscription, language)],
        vapid=sender.vapid,
        extra_hosts=sender.extra_hosts,
        ca_bundle=sender.ca_bundle,
        timeout=sender.timeout,
        concurrency=1,
    )
    if result.kind == "gone":
        db.session.delete(subscription)
    return TrialResult(result.kind)


class _Run:
    """One run through the outbox. The gateway asks for messages and reports answers in one thread, one at a time."""

    def __init__(self, commit: Callable[[], None], moment: Callable[[], datetime]) -> None:
        self._commit = commit
        self._moment = moment
        self._wording = PushWording()
        self._parcels_by_id: dict[int, Parcel] = {}
        self._answers: list[tuple[Parcel, PushResult]] = []

    def messages(self) -> Iterator[webpush.PushMessage]:
        """What is due, portion after portion, until nothing is left."""
        while devices := claim_devices(self._moment(), _PORTION):
            ready = screen(devices, self._moment())
            self._commit()
            for device in ready:
                yield self._pack(device)

    def note(self, result: PushResult) -> None:
        self._answers.append((self._parcels_by_id.pop(result.id), result))
        if len(self._answers) >= _SETTLED_AT_ONCE:
            self.settle()

    def settle(self) -> None:
        Settlement(self._answers, self._moment()).write()
        self._commit()
        self._answers = []

    def _pack(self, device: DueDevice) -> webpush.PushMessage:
        parcel = self._wording.parcel(device)
        self._parcels_by_id[parcel.message.id] = parcel
        return parcel.message
