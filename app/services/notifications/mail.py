"""Writes mail into the outbox, in the transaction of its cause; the worker sends it (services/delivery/mails.py)."""

from datetime import datetime

from app.extensions import db
from app.models.notification import Mail
from app.services.notifications.outbox import outbox_has_news


def send_mail(to: str, subject: str, body: str, *, now: datetime, expires_at: datetime | None = None) -> Mail:
    """Put a mail into the outbox. It is not sent after `expires_at`, because a code in it has expired."""
    mail = Mail(to=to, subject=subject, body=body, due_at=now, expires_at=expires_at)
    db.session.add(mail)
    outbox_has_news()
    return mail
