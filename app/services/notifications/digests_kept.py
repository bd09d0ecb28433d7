"""The digests that the outbox of mail keeps: what names them, and how they forget."""

from collections.abc import Set
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from app.extensions import db
from app.models.notification import Mail

_BEGINNING: Final = "digest:"


def digest_key(day: date) -> str:
    """What names a digest (`Mail.about`): nobody gets two of one day."""
    return f"{_BEGINNING}{day}"


def is_digest() -> ColumnElement[bool]:
    """Condition on a mail."""
    return Mail.about.startswith(_BEGINNING)


def forget_in_digests(notification_ids: Set[int], since: date) -> None:
    """Take these out of the digests that wait, and leave no trace of whose digests held them: of all that went out
    since that day, the rows are deleted, whatever they held. Those alone that held them would name their people.

    Where that happens in the middle of a day, who has had the day's digest may get another one.
    """
    went_out = delete(Mail).where(is_digest(), Mail.about >= digest_key(since), Mail.settled_at.is_not(None))
    db.session.execute(went_out, execution_options={"synchronize_session": False})
    for mail in db.session.scalars(select(Mail).where(is_digest(), Mail.settled_at.is_(None))):
        mail.contents = [number for number in mail.contents or [] if number not in notification_ids]
        if not mail.contents:
            db.session.delete(mail)
