"""Reminders to answer a survey that waited for somebody's hours, or for the mail server, until the person had answered.

They are dropped when they would be sent, and not by answering: there, ballot, participation and the end of a push would
be of one transaction, and what PostgreSQL keeps of the push (the number of the transaction that deleted it) is not
written anew each night as the box is. Here it is the worker's, and tells no time but that at which it was due.

A dropped one is deleted. Settled, it would say for as long as pushes are kept why nothing was sent. Nor is it counted
or logged. What was told stays in the person's own inbox.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from app.extensions import db
from app.models.notification import Delivery, Mail, Notification
from app.models.person import Person
from app.models.survey import is_answered_reminder
from app.services.delivery.claim import DueDelivery


def drop_answered(deliveries: Sequence[DueDelivery]) -> set[int]:
    """Delete those of these deliveries that would remind somebody who has answered; returns their numbers."""
    if not any(_may_remind(delivery) for delivery in deliveries):
        return set()
    answered = (
        select(Delivery.id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Delivery.id.in_([delivery.id for delivery in deliveries if _may_remind(delivery)]))
        .where(is_answered_reminder(Notification.key, Notification.person_id))
    )
    numbers = set(db.session.scalars(answered))
    _write(delete(Delivery).where(Delivery.id.in_(numbers)))
    return numbers


def drop_answered_mail(mail_id: int, to: str) -> bool:
    """Delete that mail if it would remind somebody who has answered; whether it did."""
    recipient = select(Person.id).where(Person.email == to).scalar_subquery()
    answered = (Mail.id == mail_id, is_answered_reminder(Mail.about, recipient))
    return bool(_write(delete(Mail).where(*answered)).rowcount)


def _may_remind(delivery: DueDelivery) -> bool:
    return "last_day" in delivery.parameters and delivery.parameters.get("event") == "reminder"


def _write(statement: Any) -> Any:
    return db.session.execute(statement.execution_options(synchronize_session=False))
