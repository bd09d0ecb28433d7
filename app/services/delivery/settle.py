"""Writes down the push services' answers, by a few statements however many there are."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, update

from app.extensions import db
from app.gateways.push.answers import PushResult
from app.models.notification import Delivery, DeliveryState, PushSubscription
from app.services.delivery.message import Parcel
from app.services.notifications.outbox import MOST_ATTEMPTS, wait_after, wait_asked_for

log = structlog.get_logger()


class Settlement:
    """The answers to some messages. Only deliveries that still wait are changed: another worker may have been first."""

    def __init__(self, answers: list[tuple[Parcel, PushResult]], now: datetime) -> None:
        self._answers = answers
        self._now = now

    def write(self) -> None:
        self._settle_delivered([pair for pair in self._answers if pair[1].kind == "delivered"])
        self._delete_gone([pair for pair in self._answers if pair[1].kind == "gone"])
        for parcel, result in self._answers:
            if result.kind == "refused" or (result.kind == "retry" and parcel.attempts >= MOST_ATTEMPTS):
                self._give_up(parcel, result)
            elif result.kind == "retry":
                self._try_again(parcel, result)

    def _settle_delivered(self, answers: list[tuple[Parcel, PushResult]]) -> None:
        if not answers:
            return
        numbers = [number for parcel, _ in answers for number in parcel.delivery_ids]
        self._change(numbers, state=DeliveryState.DELIVERED.value, settled_at=self._now, detail="")

    def _delete_gone(self, answers: list[tuple[Parcel, PushResult]]) -> None:
        """Delete the dead subscriptions, and with them the deliveries to them."""
        if answers:
            parcels = [parcel for parcel, _ in answers]
            # By endpoint too: the browser may have subscribed again while the message was under way.
            deletion = delete(PushSubscription).where(
                PushSubscription.id.in_([parcel.subscription_id for parcel in parcels]),
                PushSubscription.endpoint.in_([parcel.message.endpoint for parcel in parcels]),
            )
            db.session.execute(deletion.execution_options(synchronize_session=False))
            log.info("subscriptions gone", count=len(parcels))

    def _give_up(self, parcel: Parcel, result: PushResult) -> None:
        answer = _in_words(result)
        self._change(
            parcel.delivery_ids, state=DeliveryState.GIVEN_UP.value, settled_at=self._now, detail=answer
        )
        log.warning(
            "push given up", subscription=parcel.subscription_id, answer=answer, attempts=parcel.attempts
        )

    def _try_again(self, parcel: Parcel, result: PushResult) -> None:
        asked_for = wait_asked_for(result.retry_after) if result.retry_after is not None else timedelta(0)
        # Never sooner than our own wait, or the tries would be used up within minutes.
        wait = max(asked_for, wait_after(parcel.attempts))
        self._change(parcel.delivery_ids, due_at=self._now + wait, detail=_in_words(result))

    def _change(self, delivery_ids: list[int] | tuple[int, ...], **values: object) -> None:
        waiting = (Delivery.id.in_(delivery_ids), Delivery.state == DeliveryState.WAITING.value)
        change = update(Delivery).where(*waiting).values(claimed_until=None, **values)
        db.session.execute(change.execution_options(synchronize_session=False))


def _in_words(result: PushResult) -> str:
    return f"{result.status or ''} {result.detail}".strip()
