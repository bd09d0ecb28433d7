"""What a test's person does in their mailbox."""

import re

from sqlalchemy import select

from app.extensions import db
from app.models.notification import Mail


def latest_code() -> str:
    """The six digits of the newest mail."""
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    found = mail and re.search(r"\b\d{6}\b", mail.body)
    assert found, "no mail with a code"
    return found[0]
