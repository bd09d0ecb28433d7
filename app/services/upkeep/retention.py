"""Deletes what is kept for a limited time only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import delete

from app.extensions import db
from app.models.job import JobRun
from app.models.notification import Delivery, DeliveryState, Mail
from app.models.savepoint import succeeds
from app.services.accounts.devices import forget_devices

#: Long enough to answer "why did I get no push?".
KEEP_FOR: Final = timedelta(days=30)


def delete_expired(now: datetime) -> bool:
    """Delete what docs/privacy.md keeps for a time only; codes to sign in with go when the next one is mailed. The
    inbox stays.

    Each kind for itself: what fails is logged and stops no other. Returns whether nothing failed.
    """
    failing = "what is kept for a time only could not be deleted; it is tried again within the hour"
    outcomes = [
        succeeds(partial(delete_kind, now), failing=failing, kind=kind)
        for kind, delete_kind in _KINDS.items()
    ]
    return all(outcomes)


def _delete_from_outbox(table: type[Delivery] | type[Mail], now: datetime) -> None:
    long_settled = (table.state != DeliveryState.WAITING.value, table.settled_at < now - KEEP_FOR)
    db.session.execute(delete(table).where(*long_settled).execution_options(synchronize_session=False))


def _delete_job_runs(now: datetime) -> None:
    old_runs = delete(JobRun).where(JobRun.period < now - KEEP_FOR)
    db.session.execute(old_runs.execution_options(synchronize_session=False))


def _delete_devices(now: datetime) -> None:
    forget_devices(now, keep_for=KEEP_FOR)


_KINDS: Final[dict[str, Callable[[datetime], None]]] = {
    "pushes": partial(_delete_from_outbox, Delivery),
    "mails": partial(_delete_from_outbox, Mail),
    "scheduled jobs": _delete_job_runs,
    "devices": _delete_devices,
}
