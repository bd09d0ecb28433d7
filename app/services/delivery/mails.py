"""Empties the outbox of mail: claims one, sends it and settles it at once, since a sent mail cannot be called back. One
at a time, so that each is sent before its claim runs out, however slow the server is, and so that a code waits for no
more than the mail that is being sent.

Several of these runs go on at the same time (app/jobs.py), each with a mailer of its own.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from app.extensions import db
from app.gateways.mail import Mailer, MailNotSent, Message
from app.models.notification import DeliveryState, Mail
from app.services.delivery import mail_claims
from app.services.delivery.digest_letter import NothingLeft, NotNow, letter_of
from app.services.delivery.mail_claims import ClaimedMail, settled
from app.services.notifications.mail_addresses import Site
from app.services.notifications.outbox import MOST_ATTEMPTS, next_try, next_try_after_pause
from app.text import foreign

#: After so many failures in a row for which no mail is to blame, the server is left alone for a while.
_MOST_TROUBLES: Final = 3
#: Seconds between tries to write down what became of a mail. Until that is written, the mail may be sent again.
_WAITS_FOR_THE_DATABASE: Final = (0.2, 1, 3, 10, 30, 60)

log = structlog.get_logger()


def deliver_mails(
    mailer: Mailer,
    *,
    commit: Callable[[], None],
    moment: Callable[[], datetime],
    site: Site,
    only_codes: bool = False,
    is_over: Callable[[], bool] = lambda: False,
) -> int:
    """Send every mail that is due, codes first; returns how many were tried. `commit` ends each step, as for pushes.

    Whatever befalls one mail, the others are sent. When the server is away or refuses everybody, the run ends and all
    wait. `is_over` is asked before each mail. `site` is where the links of a digest lead.
    """
    if not mail_claims.is_any_waiting(moment()):
        commit()
        return 0
    mail_claims.give_up_expired(moment())
    commit()
    return _Run(mailer, commit, moment, site).send_all(only_codes, is_over)


class _Run:
    """One run through the outbox."""

    def __init__(
        self,
        mailer: Mailer,
        commit: Callable[[], None],
        moment: Callable[[], datetime],
        site: Site,
    ) -> None:
        self._mailer = mailer
        self._commit = commit
        self._moment = moment
        self._site = site
        self._is_one_too_many = False
        self._troubles = 0
        self._warnings: set[str] = set()

    def send_all(self, only_codes: bool, is_over: Callable[[], bool]) -> int:
        count = 0
        while not is_over() and (
            mail := mail_claims.claim(self._moment(), self._mailer.domain, only_codes=only_codes)
        ):
            self._commit()
            values = self._take(mail)
            if values is None:
                continue
            self._settle(mail, values)
            count += 1
            if self._is_one_too_many:
                break
            if self._troubles == _MOST_TROUBLES:
                mail_claims.let_all_wait(self._moment())
                self._commit()
                break
        return count

    def _take(self, mail: ClaimedMail) -> dict[str, Any] | None:
        """Send the mail; what is written down about it. None of a digest that has nothing left to tell: it is deleted,
        since a row would say for as long as mails are kept why it was not sent."""
        try:
            return self._outcome(mail, self._send(mail))
        except NotNow as error:
            return {"due_at": error.until, "attempts": Mail.attempts - 1}
        except NothingLeft:
            mail_claims.drop(mail.id)
            self._commit()
            return None

    def _send(self, mail: ClaimedMail) -> MailNotSent | None:
        """Why the mail was not sent; None if it was.

        Raises:
            NotNow, NothingLeft: a digest is not to be sent.
        """
        if mail.expires_at is None and mail.attempts > MOST_ATTEMPTS:
            # Each time its worker died: it may be the mail that kills them.
            return MailNotSent("tried too often", permanent=True)
        try:
            self._mailer.send(self._message(mail))
        except MailNotSent as error:
            return error
        except (NotNow, NothingLeft):
            raise
        except Exception as error:
            _roll_back()
            log.exception("a mail could not be sent; the others go on", mail=mail.id)
            return MailNotSent(foreign(f"{type(error).__name__}: {error}"), permanent=False)
        return None

    def _message(self, mail: ClaimedMail) -> Message:
        if mail.contents is None:
            return Message(mail.to, mail.subject, mail.body, html=mail.html, message_id=mail.message_id)
        message = letter_of(mail, self._site, self._moment())
        # Nothing is held in the database while the mail server takes its time.
        self._commit()
        return message

    def _outcome(self, mail: ClaimedMail, error: MailNotSent | None) -> dict[str, Any]:
        """What is written down about the mail."""
        now = self._moment()
        self._troubles = self._troubles + 1 if error and error.server_wide else 0
        if error is None:
            return settled(DeliveryState.DELIVERED, now, "")
        detail = foreign(error.detail)
        if error.permanent:
            due_at = None
        elif not error.mend:
            due_at = next_try(mail.attempts, now, mail.expires_at)
        else:
            due_at = self._after_mending(mail, error, now)
        self._warn(mail, error, is_last=due_at is None)
        if due_at is None:
            return settled(DeliveryState.GIVEN_UP, now, detail)
        attempts = {"attempts": Mail.attempts - 1} if error.mend else {}
        return {"due_at": due_at, "detail": detail, **attempts}

    def _after_mending(self, mail: ClaimedMail, error: MailNotSent, now: datetime) -> datetime | None:
        if error.server_wide and mail_claims.is_another_being_sent(mail.id, now):
            # The server takes no further connection; those that it has taken send this mail too.
            self._is_one_too_many = True
            return now
        return next_try_after_pause(now, mail.expires_at)

    def _warn(self, mail: ClaimedMail, error: MailNotSent, *, is_last: bool) -> None:
        if error.mend and error.mend not in self._warnings and not self._is_one_too_many:
            self._warnings.add(error.mend)
            log.warning(error.mend, answer=error.detail)
        if is_last:
            log.warning("mail given up", mail=mail.id, answer=error.detail, attempts=mail.attempts)
        elif not error.mend:
            log.warning("mail not sent", mail=mail.id, answer=error.detail, attempts=mail.attempts)

    def _settle(self, mail: ClaimedMail, values: dict[str, Any]) -> None:
        """Write down what became of the mail, also when the database is away for a minute."""
        for wait in (*_WAITS_FOR_THE_DATABASE, None):
            try:
                mail_claims.settle(mail.id, values)
                self._commit()
                return
            except Exception as error:
                _roll_back()
                if wait is None or not isinstance(error, OperationalError | InterfaceError):
                    log.exception("it could not be written down what became of a mail", mail=mail.id)
                    return
                time.sleep(wait)


def _roll_back() -> None:
    try:
        db.session.rollback()
    except Exception:
        # Not even that, because the database is away: the next statement begins with a new connection.
        db.session.remove()
