"""Writes down what became of messages, by a few statements however many there are."""

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, delete, update

from app.extensions import db
from app.gateways.push.answers import PushResult
from app.models.notification import Delivery, DeliveryState, Notification, PushSubscription
from app.services.delivery.claim import Bundle
from app.services.delivery.isolation import together_or_apart
from app.services.delivery.screening import TOO_OLD
from app.services.notifications.outbox import MOST_ATTEMPTS, wait_after, wait_asked_for

#: How long that waits which cannot be pushed before we have mended something.
_UNTIL_MENDED: Final = timedelta(hours=1)

Answered = tuple[Bundle, PushResult]

log = structlog.get_logger()


def settle(answers: Sequence[Answered], now: datetime) -> None:
    """Write the answers down. One that the database refuses is left to the next claim and holds up no other."""
    if answers:
        together_or_apart(answers, lambda some: _Settlement(some, now).write(), _not_written)


def forget_subscriptions(endpoints_by_id: dict[int, str]) -> None:
    """Delete dead subscriptions, and with them the deliveries to them."""
    # By endpoint too: the browser may have subscribed again while the message was under way.
    deletion = delete(PushSubscription).where(
        PushSubscription.id.in_(endpoints_by_id.keys()),
        PushSubscription.endpoint.in_(endpoints_by_id.values()),
    )
    db.session.execute(deletion.execution_options(synchronize_session=False))
    log.info("subscriptions gone", count=len(endpoints_by_id))


def _not_written(answered: Answered, error: Exception) -> None:
    bundle, result = answered
    log.error(
        "answer not written down", subscription=bundle.subscription_id, result=result.kind, exc_info=error
    )


class _Settlement:
    """The answers to some messages. Only deliveries that still wait are changed: another worker may have been first."""

    def __init__(self, answers: Sequence[Answered], now: datetime) -> None:
        self._answers = answers
        self._now = now

    def write(self) -> list[None]:
        self._settle_delivered([bundle for bundle, result in self._answers if result.kind == "delivered"])
        self._delete_gone([bundle for bundle, result in self._answers if result.kind == "gone"])
        for bundle, result in self._answers:
            if result.kind == "ours":
                self._keep_until_mended(bundle, result)
            elif result.kind == "refused" or (
                result.kind == "retry" and bundle.attempts + 1 >= MOST_ATTEMPTS
            ):
                self._give_up(bundle, result)
            elif result.kind == "retry":
                self._try_again(bundle, result)
        return []

    def _settle_delivered(self, bundles: list[Bundle]) -> None:
        if bundles:
            numbers = [number for bundle in bundles for number in bundle.delivery_ids]
            self._change(numbers, **self._end(DeliveryState.DELIVERED), detail="", **_ONE_MORE)

    def _delete_gone(self, bundles: list[Bundle]) -> None:
        if bundles:
            forget_subscriptions({bundle.subscription_id: bundle.endpoint for bundle in bundles})

    def _give_up(self, bundle: Bundle, result: PushResult) -> None:
        answer = _in_words(result)
        self._change(bundle.delivery_ids, **self._end(DeliveryState.GIVEN_UP), detail=answer, **_ONE_MORE)
        log.warning(
            "push given up", subscription=bundle.subscription_id, answer=answer, attempts=bundle.attempts + 1
        )

    def _try_again(self, bundle: Bundle, result: PushResult) -> None:
        asked_for = wait_asked_for(result.retry_after) if result.retry_after is not None else timedelta(0)
        # Never sooner than our own wait, or the tries would be used up within minutes.
        wait = max(asked_for, wait_after(bundle.attempts + 1))
        self._wait(bundle, wait, result, **_ONE_MORE)

    def _keep_until_mended(self, bundle: Bundle, result: PushResult) -> None:
        """This is not the message's fault nor its device's, so it uses up no attempt."""
        self._wait(bundle, _UNTIL_MENDED * random.uniform(1.0, 1.2), result)
        # What cannot be prepared never gets to the screening, so its age is looked at here.
        too_old = Delivery.notification.has(Notification.created_at < self._now - TOO_OLD)
        self._change(bundle.delivery_ids, too_old, **self._end(DeliveryState.GIVEN_UP))

    def _wait(self, bundle: Bundle, wait: timedelta, result: PushResult, **values: object) -> None:
        # The worker has survived it, so what interrupted it before was something else.
        values |= {"due_at": self._now + wait, "detail": _in_words(result), "interruptions": 0}
        self._change(bundle.delivery_ids, **values)

    def _end(self, state: DeliveryState) -> dict[str, object]:
        return {"state": state.value, "settled_at": self._now}

    def _change(self, delivery_ids: Collection[int], *where: ColumnElement[bool], **values: object) -> None:
        waiting = (Delivery.id.in_(delivery_ids), Delivery.state == DeliveryState.WAITING.value)
        change = update(Delivery).where(*waiting, *where).values(claimed_until=None, **values)
        db.session.execute(change.execution_options(synchronize_session=False))


#: Something was handed over, and there was an answer or none in time.
_ONE_MORE: Final[dict[str, object]] = {"attempts": Delivery.attempts + 1}


def _in_words(result: PushResult) -> str:
    return f"{result.status or ''} {result.detail}".strip()
