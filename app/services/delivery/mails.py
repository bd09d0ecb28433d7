"""Empties the outbox of mail: claims one, sends it and settles it at once, since a sent mail cannot be called back. One
at a time, so that each is sent before its claim runs out, however slow the server is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, or_, select, update

from app.extensions import db
from app.gateways.mail import Mailer, MailNotSent, Message
from app.models.notification import DeliveryState, Mail
from app.services.delivery.claim import is_free
from app.services.notifications.outbox import LEASE, MOST_ATTEMPTS, wait_after

log = structlog.get_logger()


def deliver_mails(mailer: Mailer, *, commit: Callable[[], None], moment: Callable[[], datetime]) -> int:
    """Send every mail that is due; returns how many were tried. `commit` ends each step, as for pushes."""
    count = 0
    while mail := _claim(moment()):
        commit()
        _send(mailer, mail, moment())
        commit()
        count += 1
    return count


def _claim(now: datetime) -> Row[Any] | None:
    in_time = or_(Mail.expires_at.is_(None), Mail.expires_at > now)
    expired = update(Mail).where(Mail.state == DeliveryState.WAITING.value, ~in_time)
    _write(expired.values(state=DeliveryState.GIVEN_UP.value, settled_at=now, body="", detail="expired"))
    free = select(Mail.id).where(*is_free(Mail, now)).order_by(Mail.due_at, Mail.id).limit(1)
    claim = (
        update(Mail)
        .where(Mail.id == free.with_for_update(skip_locked=True).scalar_subquery())
        .values(claimed_until=now + LEASE, attempts=Mail.attempts + 1)
        .returning(Mail.id, Mail.to, Mail.subject, Mail.body, Mail.attempts, Mail.expires_at)
    )
    return _write(claim).first()  # type: ignore[no-any-return]


def _send(mailer: Mailer, mail: Row[Any], now: datetime) -> None:
    try:
        mailer.send(Message(mail.to, mail.subject, mail.body))
    except MailNotSent as error:
        log.warning("mail not sent", mail=mail.id, answer=error.detail, attempts=mail.attempts)
        if error.permanent or mail.attempts >= MOST_ATTEMPTS:
            _settle(mail.id, DeliveryState.GIVEN_UP, now, error.detail)
        else:
            _change(mail.id, due_at=now + wait_after(mail.attempts), detail=error.detail)
    else:
        _settle(mail.id, DeliveryState.DELIVERED, now, "")


def _settle(mail_id: int, state: DeliveryState, now: datetime, detail: str) -> None:
    # The text is not kept: there may be a code in it.
    _change(mail_id, state=state.value, settled_at=now, body="", detail=detail)


def _change(mail_id: int, **values: object) -> None:
    waiting = (Mail.id == mail_id, Mail.state == DeliveryState.WAITING.value)
    _write(update(Mail).where(*waiting).values(claimed_until=None, **values))


def _write(statement: Any) -> Any:
    return db.session.execute(statement.execution_options(synchronize_session=False))
