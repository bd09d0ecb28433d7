"""Deletes what is kept for a limited time only."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from app.extensions import db
from app.models.job import JobRun
from app.models.notification import Delivery, DeliveryState, Mail
from app.services.accounts.devices import forget_devices

#: Long enough to answer "why did I get no push?".
KEEP_FOR: Final = timedelta(days=30)


def delete_expired(now: datetime) -> None:
    """Delete what docs/privacy.md keeps for a time only; codes to sign in with go when the next one is mailed."""
    delete_settled(now)
    forget_devices(now, keep_for=KEEP_FOR)


def delete_settled(now: datetime) -> None:
    """Delete settled deliveries and mails, and the records of scheduled jobs, after a month. The inbox stays."""
    for table in (Delivery, Mail):
        long_settled = (table.state != DeliveryState.WAITING.value, table.settled_at < now - KEEP_FOR)
        db.session.execute(delete(table).where(*long_settled).execution_options(synchronize_session=False))
    old_runs = delete(JobRun).where(JobRun.period < now - KEEP_FOR)
    db.session.execute(old_runs.execution_options(synchronize_session=False))
