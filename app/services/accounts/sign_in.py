"""Getting in and out: six-digit codes by mail, and the end of a device's session."""

import hmac
import secrets
from datetime import datetime
from enum import StrEnum

from flask_babel import force_locale, gettext
from sqlalchemy import delete, select, update

from app.extensions import db
from app.models.notification import PushSubscription
from app.models.person import Person
from app.models.sign_in import CODE_LIFE, CODE_TRIES, DeviceSession, SignInCode
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
    newest = select(SignInCode).where(SignInCode.email == email).order_by(SignInCode.id.desc()).limit(1)
    mailed = db.session.scalar(newest)
    if mailed is None or not mailed.is_open(now) or not _takes_try(mailed):
        return Verdict.SPENT
    if not hmac.compare_digest(mailed.code_hash, _hash(email, code, secret)):
        return Verdict.WRONG if mailed.is_open(now) else Verdict.SPENT
    return Verdict.RIGHT if _use(mailed, now) else Verdict.SPENT


def end_session(device: DeviceSession, now: datetime) -> None:
    """Sign the device out; it gets no more pushes."""
    device.ended_at = now
    db.session.execute(delete(PushSubscription).where(PushSubscription.device_session_id == device.id))


def end_all_sessions(person: Person, now: datetime) -> None:
    """Sign the person out on every device."""
    held = update(DeviceSession).where(DeviceSession.person_id == person.id, DeviceSession.ended_at.is_(None))
    db.session.execute(held.values(ended_at=now))
    db.session.execute(delete(PushSubscription).where(PushSubscription.person_id == person.id))


def _takes_try(mailed: SignInCode) -> bool:
    """Count one more try in the database, so that tries at the same moment cannot get past the limit."""
    counted = update(SignInCode).where(SignInCode.id == mailed.id, SignInCode.tries < CODE_TRIES)
    done = db.session.execute(
        counted.values(tries=SignInCode.tries + 1).returning(SignInCode.id),
        execution_options={"synchronize_session": False},
    ).first()
    db.session.refresh(mailed)
    return done is not None


def _use(mailed: SignInCode, now: datetime) -> bool:
    used = update(SignInCode).where(SignInCode.id == mailed.id, SignInCode.used_at.is_(None))
    return db.session.execute(used.values(used_at=now).returning(SignInCode.id)).first() is not None


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
