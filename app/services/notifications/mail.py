"""Mail to be sent: written with the fact that it tells of, sent by the worker (app/services/delivery/mails.py)."""

from datetime import datetime

from app.extensions import db
from app.models.notification import Mail
from app.services.notifications.outbox import outbox_has_news


def send_mail(to: str, subject: str, body: str, *, now: datetime, expires_at: datetime | None = None) -> Mail:
    """Put a mail into the outbox; after `expires_at` nobody tries any more, since a code in it has run out."""
    mail = Mail(to=to, subject=subject, body=body, due_at=now, expires_at=expires_at)
    db.session.add(mail)
    outbox_has_news()
    return mail
