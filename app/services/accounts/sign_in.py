"""Getting in: six-digit codes by mail."""

import hmac
import secrets
from datetime import datetime
from enum import StrEnum

from flask_babel import force_locale, gettext
from sqlalchemy import delete, select, update

from app.extensions import db
from app.models.person import Person
from app.models.sign_in import CODE_LIFE, CODE_TRIES, SignInCode
from app.services.notifications.mail import send_mail
from app.services.notifications.outbox import outbox_has_news


class Verdict(StrEnum):
    """What a tried code was. A spent one ran out of time or tries, or was used: only a new one helps."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"


def mail_code(email: str, *, joining: bool, language: str, secret: str, now: datetime) -> None:
    """Make a code for the address and mail it, if somebody has that address or is about to join with it.

    For a stranger everything but the mail is done too, and nothing tells the asker: neither the answer nor its time.
    """
    email = email.strip().lower()
    code = f"{secrets.randbelow(1_000_000):06d}"
    db.session.execute(delete(SignInCode).where(SignInCode.created_at <= now - CODE_LIFE))
    db.session.add(SignInCode(email=email, code_hash=_hash(email, code, secret), created_at=now))
    person = Person.by_email(email)
    subject, body = _letter(code, person.language if person else language)
    outbox_has_news()
    if person or joining:
        send_mail(email, subject, body, now=now, expires_at=now + CODE_LIFE)


def try_code(email: str, code: str, *, secret: str, now: datetime) -> Verdict:
    """Try the code on the newest one mailed to the address. Every try counts, so commit whatever the verdict."""
    email = email.strip().lower()
    newest_first = select(SignInCode).where(SignInCode.email == email).order_by(SignInCode.id.desc())
    newest = db.session.scalar(newest_first.limit(1))
    if newest is None or not newest.is_open(now) or not _takes_try(newest):
        return Verdict.SPENT
    if not hmac.compare_digest(newest.code_hash, _hash(email, code, secret)):
        return Verdict.WRONG if newest.is_open(now) else Verdict.SPENT
    return Verdict.RIGHT if _use(newest, now) else Verdict.SPENT


def _takes_try(code: SignInCode) -> bool:
    """Count one more try in the database, so that tries at the same moment cannot get past the limit."""
    one_more = update(SignInCode).where(SignInCode.id == code.id, SignInCode.tries < CODE_TRIES)
    row = db.session.execute(
        one_more.values(tries=SignInCode.tries + 1).returning(SignInCode.id),
        execution_options={"synchronize_session": False},
    ).first()
    db.session.refresh(code)
    return row is not None


def _use(code: SignInCode, now: datetime) -> bool:
    """Whether it was unused until now: of two tries at the same moment one gets in."""
    unused = update(SignInCode).where(SignInCode.id == code.id, SignInCode.used_at.is_(None))
    return db.session.execute(unused.values(used_at=now).returning(SignInCode.id)).first() is not None


def _hash(email: str, code: str, secret: str) -> str:
    """Keyed, since a million codes are tried in a second by whoever has the database alone."""
    return hmac.new(secret.encode(), f"{email}:{code}".encode(), "sha256").hexdigest()


def _letter(code: str, language: str) -> tuple[str, str]:
    with force_locale(language):
        subject = gettext("%(code)s is your code for Eldsjäl", code=code)
        body = gettext(
            "Hello!\n\nYour code is %(code)s. It works for ten minutes, on the page where you asked for it.\n\n"
            "Did you not ask for a code? Then somebody has probably mistyped an address. You need not do anything, and"
            " nobody gets in without the code.",
            code=code,
        )
        return subject, body + "\n"
