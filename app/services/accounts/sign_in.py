"""Signing in by six-digit codes that are mailed. A code belongs to the browser that asked for it.

Nobody elsewhere can use up a person's tries or make a code void, since a code is tried only together with the random
number in the cookie of that browser. Strangers can only ask for codes of their own and guess: five tries in a million
for each mail that the person then gets. The limits (app/blueprints/auth/limits.py) say how many mails that can be.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from flask_babel import force_locale, gettext
from sqlalchemy import Row, delete, select, update

from app.email_address import canonical, for_display
from app.extensions import db
from app.models.person import Person
from app.models.sign_in import CODE_LIFE, CODE_TRIES, SignInCode
from app.services.accounts.devices import session_has_ended
from app.services.notifications.mail import mail_page, send_mail
from app.services.notifications.outbox import outbox_has_news


class CodeCheck(StrEnum):
    """What a code turned out to be. A spent one has expired, was tried too often, or its session has ended: only a new
    one helps."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"


class CodeTrial(NamedTuple):
    check: CodeCheck
    #: Names the session that the code opens: the same one when it is typed again. Empty unless the code is right.
    session_token: str = ""


class _MailText(NamedTuple):
    subject: str
    body: str
    html: str


def mail_code(browser: str, email: str, *, joining: bool, language: str, secret: str, now: datetime) -> None:
    """Make a code for the address and mail it, if somebody has that address or is about to join with it.

    `browser` is the random number in the cookie of the browser that asks. Its earlier codes go on working.

    For a stranger everything but the mail is done too, so that neither the answer nor the time it takes tells whether
    somebody has the address.
    """
    email = canonical(email)
    code = f"{secrets.randbelow(1_000_000):06d}"
    db.session.execute(delete(SignInCode).where(SignInCode.created_at <= now - CODE_LIFE))
    db.session.add(
        SignInCode(
            browser_hash=_hash(secret, "browser", browser),
            email=email,
            code_hash=_hash(secret, email, code),
            created_at=now,
        )
    )
    person = Person.by_email(email)
    text = _mail_text(code, email, person.language if person else language)
    outbox_has_news()
    if person or joining:
        send_mail(email, text.subject, text.body, html=text.html, now=now, expires_at=now + CODE_LIFE)


def try_code(browser: str, email: str, code: str, *, secret: str, now: datetime) -> CodeTrial:
    """Compare the code with those that this browser asked for. Every try counts: commit, whatever the result.

    The right code is right again until its time is over (the answer to the first try may have been lost), as long as
    the session that it began has not been ended.
    """
    email = canonical(email)
    browser_hash = _hash(secret, "browser", browser)
    open_codes = _count_try(browser_hash, email, now)
    if not open_codes:
        return CodeTrial(CodeCheck.SPENT)
    code_hash = _hash(secret, email, code)
    right = next((row for row in open_codes if hmac.compare_digest(row.code_hash, code_hash)), None)
    if right is None:
        may_try_again = any(row.tries < CODE_TRIES for row in open_codes)
        return CodeTrial(CodeCheck.WRONG if may_try_again else CodeCheck.SPENT)
    token = _hash(secret, "session", browser, right.code_hash, str(right.id))
    if session_has_ended(token):
        return CodeTrial(CodeCheck.SPENT)
    _forget_tries(browser_hash, email)
    return CodeTrial(CodeCheck.RIGHT, token)


def was_tried(browser: str, email: str, *, secret: str) -> bool:
    """Whether this browser has typed a wrong code for the address since it asked for the oldest that it has."""
    tried = select(SignInCode.id).where(
        SignInCode.browser_hash == _hash(secret, "browser", browser),
        SignInCode.email == canonical(email),
        SignInCode.tries > 0,
    )
    return db.session.scalar(tried.limit(1)) is not None


def void_codes(browser: str, *, secret: str) -> None:
    """Forget the codes that this browser asked for: somebody signs out, and nobody gets in again with an old mail."""
    browser_hash = _hash(secret, "browser", browser)
    db.session.execute(delete(SignInCode).where(SignInCode.browser_hash == browser_hash))


def _count_try(browser_hash: str, email: str, now: datetime) -> Sequence[Row[int, str, int]]:
    """Count one more try of each open code, and return those codes.

    In one statement, so that simultaneous tries all count: each waits here for the transaction of the one before.
    """
    one_more = update(SignInCode).where(
        SignInCode.browser_hash == browser_hash,
        SignInCode.email == email,
        SignInCode.created_at > now - CODE_LIFE,
        SignInCode.tries < CODE_TRIES,
    )
    counted = one_more.values(tries=SignInCode.tries + 1)
    return db.session.execute(
        counted.returning(SignInCode.id, SignInCode.code_hash, SignInCode.tries),
        execution_options={"synchronize_session": False},
    ).all()


def _forget_tries(browser_hash: str, email: str) -> None:
    """Whoever has typed the right code once is not shut out for typing it again."""
    codes = update(SignInCode).where(SignInCode.browser_hash == browser_hash, SignInCode.email == email)
    db.session.execute(codes.values(tries=0), execution_options={"synchronize_session": False})


def _hash(secret: str, *parts: str) -> str:
    """Keyed, because somebody with only the database could otherwise try all million codes in a second."""
    return hmac.new(secret.encode(), ":".join(parts).encode(), "sha256").hexdigest()


def _mail_text(code: str, email: str, language: str) -> _MailText:
    with force_locale(language):
        subject = gettext("%(code)s is your code for Eldsjäl", code=code)
        body = gettext(
            "Hello!\n\nYour code is %(code)s. It works for ten minutes, on the page where you asked for it.\n\n"
            "Did you not ask for a code? Then somebody has probably mistyped an address. You need not do anything, and"
            " nobody gets in without the code.",
            code=code,
        )
        html = mail_page("mail/code.html", code=code, address=for_display(email), language=language)
        return _MailText(subject, body + "\n", html)
