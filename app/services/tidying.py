"""What the outboxes and the clock leave behind is not kept for ever."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from app.extensions import db
from app.models.job import JobRun
from app.models.notification import Delivery, DeliveryState, Mail

#: Long enough to answer "why did I get no push?".
KEPT: Final = timedelta(days=30)


def tidy_outbox(now: datetime) -> None:
    """Delete settled deliveries and mails, and the marks of periodic jobs, after a month. The inbox stays."""
    for table in (Delivery, Mail):
        settled = (table.state != DeliveryState.WAITING.value, table.settled_at < now - KEPT)
        db.session.execute(delete(table).where(*settled).execution_options(synchronize_session=False))
    old = delete(JobRun).where(JobRun.period < now - KEPT)
    db.session.execute(old.execution_options(synchronize_session=False))
