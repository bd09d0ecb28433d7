"""Writes mail into the outbox, in the transaction of its cause; the worker sends it (services/delivery/mails.py)."""

from datetime import datetime
from typing import Any

from flask import current_app

from app.extensions import db
from app.models.notification import Mail
from app.services.notifications.outbox import outbox_has_news


def send_mail(
    to: str, subject: str, body: str, *, now: datetime, html: str = "", expires_at: datetime | None = None
) -> Mail:
    """Put a mail into the outbox; `html` is the same text as a page. It is not sent after `expires_at`, because a code
    in it has expired."""
    mail = Mail(to=to, subject=subject, body=body, html=html, due_at=now, expires_at=expires_at)
    db.session.add(mail)
    outbox_has_news()
    return mail


def mail_page(template: str, **values: Any) -> str:
    """A text of a mail from its template, in the language of the moment. Mails are written without a request, so what
    pages are given of it is not there."""
    return current_app.jinja_env.get_template(template).render(**values)
