"""The outbox of mail as a queue: what is due, whose it is, what became of it."""

from datetime import datetime
from email.utils import make_msgid
from typing import Any, NamedTuple

import structlog
from sqlalchemy import delete, exists, func, or_, select, update

from app.extensions import db
from app.models.notification import DeliveryState, Mail
from app.services.delivery.claim import is_free
from app.services.notifications.outbox import LEASE, pause

log = structlog.get_logger()


class ClaimedMail(NamedTuple):
    """A mail that is this worker's for a while; `attempts` includes the present one."""

    id: int
    message_id: str
    to: str
    subject: str
    body: str
    html: str
    #: The numbers of the notifications that a digest tells of; None of any other mail.
    contents: list[int] | None
    attempts: int
    expires_at: datetime | None


_is_waiting = Mail.state == DeliveryState.WAITING.value


def is_any_waiting(now: datetime) -> bool:
    """Whether there is something to send or to give up. Only reads: a worker asks every few seconds."""
    return bool(
        db.session.scalar(select(exists().where(_is_waiting, or_(Mail.due_at <= now, _has_expired(now)))))
    )


def give_up_expired(now: datetime) -> None:
    """Give up what nobody can use any more, save what is being sent at this moment."""
    columns = settled(DeliveryState.GIVEN_UP, now, "expired")
    count = _write(
        update(Mail).where(_is_waiting, _is_unclaimed(now), _has_expired(now)).values(columns)
    ).rowcount
    if count:
        log.warning("codes expired before they could be mailed", count=count)


def claim(now: datetime, domain: str, *, only_codes: bool) -> ClaimedMail | None:
    """Claim the mail whose turn it is: codes before all others. Commit at once.

    A mail that is tried for the first time gets its Message-ID, within `domain`.
    """
    free = (
        select(Mail.id)
        .where(*is_free(Mail, now), ~_has_expired(now))
        .order_by(Mail.expires_at.is_(None), Mail.due_at, Mail.id)
        .limit(1)
    )
    if only_codes:
        free = free.where(Mail.expires_at.is_not(None))
    # On PostgreSQL workers skip each other's rows. SQLite has one writer at a time and ignores the clause.
    claimed = (
        update(Mail)
        .where(Mail.id == free.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            claimed_until=now + LEASE,
            attempts=Mail.attempts + 1,
            message_id=func.coalesce(Mail.message_id, make_msgid(domain=domain)),
        )
        .returning(*(getattr(Mail, name) for name in ClaimedMail._fields))
    )
    row = _write(claimed).first()
    return ClaimedMail._make(row) if row else None


def is_another_being_sent(mail_id: int, now: datetime) -> bool:
    """Whether somebody is sending another mail at this moment."""
    claimed = (_is_waiting, Mail.claimed_until > now, Mail.id != mail_id)
    return bool(db.session.scalar(select(exists().where(*claimed))))


def let_all_wait(now: datetime) -> None:
    """The server is away: nothing that is due is tried before a pause, save what would expire meanwhile."""
    wait = pause(is_code=True)
    codes = update(Mail).where(*is_free(Mail, now), Mail.expires_at > now + 2 * wait)
    _write(codes.values(due_at=now + wait))
    others = update(Mail).where(*is_free(Mail, now), Mail.expires_at.is_(None))
    _write(others.values(due_at=now + pause(is_code=False)))


def settle(mail_id: int, values: dict[str, Any]) -> None:
    """Write down what became of the mail and let go of it. Only if it still waits: another may have been first."""
    _write(update(Mail).where(Mail.id == mail_id, _is_waiting).values(claimed_until=None, **values))


def drop(mail_id: int) -> None:
    """Delete it. Only if it still waits."""
    _write(delete(Mail).where(Mail.id == mail_id, _is_waiting))


def settled(state: DeliveryState, now: datetime, detail: str) -> dict[str, Any]:
    """The columns of a mail that is at its end. What it said is not kept: there may be a code in it."""
    text = {"body": "", "html": "", "contents": None}
    return {"state": state.value, "settled_at": now, "detail": detail, **text}


def _is_unclaimed(now: datetime) -> Any:
    return or_(Mail.claimed_until.is_(None), Mail.claimed_until <= now)


def _has_expired(now: datetime) -> Any:
    return func.coalesce(Mail.expires_at <= now, False)


def _write(statement: Any) -> Any:
    return db.session.execute(statement.execution_options(synchronize_session=False))
