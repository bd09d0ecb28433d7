"""Reminders to answer a survey that waited for somebody's hours, or for the mail server, until the person had answered.

They are dropped when they would be sent, and not by answering: there, ballot, participation and the end of a push would
be of one transaction, and what PostgreSQL keeps of the push (the number of the transaction that deleted it) is not
written anew each night as the box is. Here it is the worker's, and tells no time but that at which it was due.

A dropped push is deleted, and so is a digest by mail that would tell of nothing else (digest_contents.py, mails.py).
Settled, they would say for as long as they are kept why nothing was sent. Nor is it counted or logged. What was told
stays in the person's own inbox.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from app.extensions import db
from app.models.notification import Delivery, Notification
from app.models.survey import is_answered_reminder
from app.services.delivery.claim import DueDelivery


def drop_answered(deliveries: Sequence[DueDelivery]) -> set[int]:
    """Delete those of these deliveries that would remind somebody who has answered; returns their numbers."""
    reminders = [delivery.id for delivery in deliveries if may_remind(delivery.parameters)]
    if not reminders:
        return set()
    answered = (
        select(Delivery.id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Delivery.id.in_([delivery.id for delivery in deliveries if may_remind(delivery.parameters)]))
        .where(is_answered_reminder(Notification.key, Notification.person_id))
    )
    numbers = set(db.session.scalars(answered))
    _write(delete(Delivery).where(Delivery.id.in_(numbers)))
    return numbers


def answered_reminders(notification_ids: Iterable[int]) -> set[int]:
    """Those of these notifications that remind somebody who has answered: no mail tells of them."""
    answered = select(Notification.id).where(
        Notification.id.in_(list(notification_ids)),
        is_answered_reminder(Notification.key, Notification.person_id),
    )
    return set(db.session.scalars(answered))


def may_remind(parameters: Mapping[str, Any]) -> bool:
    return "last_day" in parameters and parameters.get("event") == "reminder"


def _write(statement: Any) -> Any:
    return db.session.execute(statement.execution_options(synchronize_session=False))
