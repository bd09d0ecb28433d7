"""Signing in by six-digit codes that are mailed."""

import hmac
import secrets
from datetime import datetime
from enum import StrEnum

from flask_babel import force_locale, gettext
from sqlalchemy import delete, select, update

from app.email_address import canonical
from app.extensions import db
from app.models.person import Person
from app.models.sign_in import CODE_LIFE, CODE_TRIES, SignInCode
from app.services.notifications.mail import send_mail
from app.services.notifications.outbox import outbox_has_news


class CodeCheck(StrEnum):
    """What a code turned out to be. A spent one has expired, or was used or tried too often: only a new one helps."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"


def mail_code(email: str, *, joining: bool, language: str, secret: str, now: datetime) -> None:
    """Make a code for the address and mail it, if somebody has that address or is about to join with it.

    For a stranger everything but the mail is done too, so that neither the answer nor the time it takes tells whether
    somebody has the address.
    """
    email = canonical(email)
    code = f"{secrets.randbelow(1_000_000):06d}"
    db.session.execute(delete(SignInCode).where(SignInCode.created_at <= now - CODE_LIFE))
    db.session.add(SignInCode(email=email, code_hash=_hash(email, code, secret), created_at=now))
    person = Person.by_email(email)
    subject, body = _mail_text(code, person.language if person else language)
    outbox_has_news()
    if person or joining:
        send_mail(email, subject, body, now=now, expires_at=now + CODE_LIFE)


def try_code(email: str, code: str, *, secret: str, now: datetime) -> CodeCheck:
    """Compare the code with the newest one mailed to the address. Every try counts: commit, whatever the result."""
    email = canonical(email)
    newest_first = select(SignInCode).where(SignInCode.email == email).order_by(SignInCode.id.desc())
    newest = db.session.scalar(newest_first.limit(1))
    if newest is None or not newest.is_open(now) or not _count_try(newest):
        return CodeCheck.SPENT
    if not hmac.compare_digest(newest.code_hash, _hash(email, code, secret)):
        return CodeCheck.WRONG if newest.is_open(now) else CodeCheck.SPENT
    return CodeCheck.RIGHT if _use_up(newest, now) else CodeCheck.SPENT


def _count_try(code: SignInCode) -> bool:
    """Count one more try; False when there were too many. In the database, so that simultaneous tries all count."""
    one_more = update(SignInCode).where(SignInCode.id == code.id, SignInCode.tries < CODE_TRIES)
    row = db.session.execute(
        one_more.values(tries=SignInCode.tries + 1).returning(SignInCode.id),
        execution_options={"synchronize_session": False},
    ).first()
    db.session.refresh(code)
    return row is not None


def _use_up(code: SignInCode, now: datetime) -> bool:
    """Mark the code as used; False when it was used already. Of two simultaneous tries only one succeeds."""
    unused = update(SignInCode).where(SignInCode.id == code.id, SignInCode.used_at.is_(None))
    return db.session.execute(unused.values(used_at=now).returning(SignInCode.id)).first() is not None


def _hash(email: str, code: str, secret: str) -> str:
    """Keyed, because somebody with only the database could otherwise try all million codes in a second."""
    return hmac.new(secret.encode(), f"{email}:{code}".encode(), "sha256").hexdigest()


def _mail_text(code: str, language: str) -> tuple[str, str]:
    with force_locale(language):
        subject = gettext("%(code)s is your code for Eldsjäl", code=code)
        body = gettext(
            "Hello!\n\nYour code is %(code)s. It works for ten minutes, on the page where you asked for it.\n\n"
            "Did you not ask for a code? Then somebody has probably mistyped an address. You need not do anything, and"
            " nobody gets in without the code.",
            code=code,
        )
        return subject, body + "\n"
