"""Empties the outbox of pushes: claims what is due, sends it in parallel, and settles each by the answer to it.

The claim is committed before anything is sent, and answers are written down as soon as a window of messages is full.
Nothing is lost when a worker is killed in between: its claim runs out, and another worker sends again under the same
topic and tag, so that the device shows one notification and not two. At most a window of messages is sent twice.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import Final

import structlog

from app.extensions import db
from app.gateways.push import webpush
from app.gateways.push.answers import PushResult, ResultKind
from app.models.sign_in import DeviceSession
from app.services.delivery.claim import PORTIONS, Bundle, DueDevice, claim, is_any_due
from app.services.delivery.complaints import Complaints
from app.services.delivery.message import PushWording, trial_message
from app.services.delivery.preparation import pack, ready_devices
from app.services.delivery.sender import PushSender
from app.services.delivery.settle import Answered, forget_subscriptions, settle
from app.services.delivery.single_run import SingleRun
from app.services.delivery.subscriptions import subscription_of

#: Messages that are under way, or answered and not written down: so many are sent twice when the worker is killed.
MOST_UNSETTLED: Final = 64
#: Messages under way. What is left of the window is written down at once: the more, the fewer transactions.
_IN_FLIGHT: Final = 48

log = structlog.get_logger()

#: Two runs in one process would have two windows of unsettled messages, and be no faster.
_single_run = SingleRun()


def deliver_pushes(sender: PushSender, *, commit: Callable[[], None], moment: Callable[[], datetime]) -> int:
    """Send every push that is due; returns how many messages were given to push services, which is 0 when another
    thread of this process does it.

    `commit` ends each step: what has been sent must stay recorded even if the caller fails later.
    """
    return _single_run(lambda: _Run(sender, commit, moment).send_all())


class TrialResult(StrEnum):
    """The result of a push that somebody asked for to see whether pushes work."""

    DELIVERED = "delivered"
    GONE = "gone"
    REFUSED = "refused"
    RETRY = "retry"
    OFF = "off"
    NO_KEYS = "no_keys"


_TRIAL_RESULTS: Final[dict[ResultKind, TrialResult]] = {
    "delivered": TrialResult.DELIVERED,
    "gone": TrialResult.GONE,
    "retry": TrialResult.RETRY,
    # To the person it is the same whether their device or this installation is refused: the office has to look.
    "ours": TrialResult.REFUSED,
    "refused": TrialResult.REFUSED,
}


def try_push(sender: PushSender | None, device: DeviceSession, language: str) -> TrialResult:
    """Push a test to this device at once, whatever the hour. A subscription that is found dead is deleted."""
    subscription = subscription_of(device)
    if sender is None or subscription is None:
        return TrialResult.OFF if sender else TrialResult.NO_KEYS
    number, endpoint = subscription.id, subscription.endpoint
    (result,) = _deliver_by(sender)([trial_message(subscription, language)], concurrency=1)
    Complaints().note(endpoint, result)
    if result.kind == "gone":
        forget_subscriptions({number: endpoint})
    return _TRIAL_RESULTS[result.kind]


def _deliver_by(sender: PushSender) -> Callable[..., list[PushResult]]:
    """The gateway's `deliver` with the sender's part of its arguments."""
    return partial(
        webpush.deliver,
        vapid=sender.vapid,
        extra_hosts=sender.extra_hosts,
        ca_bundle=sender.ca_bundle,
        timeout=sender.timeout,
    )


class _Run:
    """One run through the outbox. The gateway asks for messages and reports answers in one thread, one at a time."""

    def __init__(
        self, sender: PushSender, commit: Callable[[], None], moment: Callable[[], datetime]
    ) -> None:
        self._deliver = _deliver_by(sender)
        self._commit = commit
        self._moment = moment
        self._wording = PushWording(sender.signing_key)
        self._complaints = Complaints()
        self._under_way: dict[int, Bundle] = {}
        self._answers: list[Answered] = []

    def send_all(self) -> int:
        if not is_any_due(self._moment()):
            self._commit()
            return 0
        never, *interrupted = range(len(PORTIONS))
        try:
            sent = self._send(chain.from_iterable(self._portions(never)))
            # One portion after the other, each settled before the next: should the worker die of one, no other suffers.
            sent += sum(self._send(portion) for count in interrupted for portion in self._portions(count))
        except BaseException:
            # What broke may have left the transaction unusable; but what has been answered must not be sent again.
            db.session.rollback()
            self._settle()
            raise
        return sent

    def _portions(self, interruptions: int) -> Iterator[list[DueDevice]]:
        """What is due and was interrupted so often, until nothing is left."""
        while claims := claim(self._moment(), interruptions):
            self._commit()
            ready = ready_devices(claims, self._moment())
            self._commit()
            yield ready
        self._commit()

    def _send(self, devices: Iterable[DueDevice]) -> int:
        results = self._deliver(self._messages(devices), concurrency=_IN_FLIGHT, on_result=self._note)
        self._settle()
        if results:
            delivered = sum(result.kind == "delivered" for result in results)
            log.info("pushes", sent=len(results), delivered=delivered)
        return len(results)

    def _messages(self, devices: Iterable[DueDevice]) -> Iterator[webpush.PushMessage]:
        for device in devices:
            if len(self._under_way) + len(self._answers) >= MOST_UNSETTLED:
                self._settle()
            parcel, problems = pack(device, self._wording)
            self._answers += problems
            if parcel:
                self._under_way[parcel.message.id] = parcel.bundle
                yield parcel.message

    def _note(self, result: PushResult) -> None:
        bundle = self._under_way.pop(result.id, None)
        if bundle:
            self._complaints.note(bundle.endpoint, result)
            self._answers.append((bundle, result))

    def _settle(self) -> None:
        if self._answers:
            settle(self._answers, self._moment())
            self._commit()
            self._answers = []
