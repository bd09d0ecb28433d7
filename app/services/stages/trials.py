"""A lead tries a text on themself: at once, marked as a trial, and in no sum."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from uuid import uuid4

from sqlalchemy import select

from app.extensions import db
from app.models.notification import Kind, Notification, takes_pushes
from app.models.person import Person
from app.services.delivery.digest_letter import letter_about
from app.services.notifications.mail import send_mail
from app.services.notifications.mail_addresses import Site
from app.services.notifications.notify import notify
from app.services.notifications.wording import Words


class Way(Enum):
    """How a trial comes, beside the inbox."""

    PUSH = "push"
    MAIL = "mail"
    INBOX_ONLY = "inbox only"


def try_on(person: Person, words: Mapping[str, Words], url: str, *, site: Site, now: datetime) -> Way:
    """Tell the person alone, as others would be told: by push if they take pushes, else by a mail of its own. `words`
    are by language; `url` is the path that it opens."""
    notification = _tell(person, words, url, now)
    if person.is_paused:
        return Way.INBOX_ONLY
    if db.session.scalar(select(takes_pushes(person.id))):
        return Way.PUSH
    letter = letter_about(person, notification.id, site, now)
    send_mail(letter.to, letter.subject, letter.text, html=letter.html, now=now)
    return Way.MAIL


def _tell(person: Person, words: Mapping[str, Words], url: str, now: datetime) -> Notification:
    key = f"trial:{uuid4()}"
    # Without the step's name, by which what is opened would be counted.
    texts = {
        "title": {language: text.title for language, text in words.items()},
        "body": {language: text.body for language, text in words.items()},
    }
    notify([person.id], Kind.TEST, key=key, url=url, parameters=texts, now=now)
    mine = select(Notification).where(Notification.person_id == person.id, Notification.key == key)
    notification = db.session.scalars(mine).one()
    notification.is_digested = True
    db.session.flush()
    return notification
