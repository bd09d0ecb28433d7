"""What the outboxes and the clock leave behind is not kept for ever."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_

from app.extensions import db
from app.models.job import JobRun
from app.models.notification import Delivery, DeliveryState, Mail
from app.models.sign_in import SESSION_LIFE, DeviceSession

#: Long enough to answer "why did I get no push?".
KEPT: Final = timedelta(days=30)


def tidy_up(now: datetime) -> None:
    """Everything that docs/privacy.md gives a time."""
    tidy_outbox(now)
    forget_devices(now)


def forget_devices(now: datetime) -> None:
    """Devices that were signed out a month ago, and those whose cookie has run out."""
    over = or_(DeviceSession.ended_at < now - KEPT, DeviceSession.created_at < now - SESSION_LIFE)
    db.session.execute(delete(DeviceSession).where(over).execution_options(synchronize_session=False))


def tidy_outbox(now: datetime) -> None:
    """Delete settled deliveries and mails, and the marks of periodic jobs, after a month. The inbox stays."""
    for table in (Delivery, Mail):
        settled = (table.state != DeliveryState.WAITING.value, table.settled_at < now - KEPT)
        db.session.execute(delete(table).where(*settled).execution_options(synchronize_session=False))
    old = delete(JobRun).where(JobRun.period < now - KEPT)
    db.session.execute(old.execution_options(synchronize_session=False))
