"""Some mails are poisoned, each in another way; the other ninety-nine arrive, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DataError

from app.extensions import db
from app.gateways import mail as gateway
from app.gateways.mail import Mailer, Message
from app.models.notification import DeliveryState, Mail
from app.services.delivery import mail_claims
from app.services.delivery.mails import deliver_mails
from app.services.notifications.mail import send_mail
from app.services.notifications.outbox import MOST_ATTEMPTS
from tests.conftest import ON_POSTGRESQL
from tests.digests import SITE
from tests.factories import NOW
from tests.mail_server import HANG, HANG_UP, MailServer

pytestmark = pytest.mark.usefixtures("app")

OTHERS = sorted(f"{number}@bjuv.se" for number in range(99))
_SENDER = "Eldsjäl <eldsjal@example.se>"
_NO_ADDRESSES = [
    "",
    "anna",
    "@",
    "a@",
    "a\nb@bjuv.se",
    "Anna <a@bjuv.se>",
    "a@b@c..se",
    "å" * 9000 + "@bjuv.se",
]
_ANSWERS: list[str | bytes] = [
    HANG,
    HANG_UP,
    "?!",
    "",
    "\0",
    b"550 5.1.1 \0\xff\xfe",
    "x" * 10_000,
    "421 no",
    "554 no",
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setattr(gateway, "TIMEOUT", 0.5)
    with MailServer() as server:
        yield server


def write(*poisoned: dict[str, str]) -> None:
    """The others, and among them the poisoned."""
    for number, other in enumerate(OTHERS):
        send_mail(other, "Hej", "Hej!", now=NOW)
        if number % 10 == 5 and number // 10 < len(poisoned):
            mail = {"to": f"poison-{number // 10}@bjuv.se", "subject": "Hej", "body": "Hej!"}
            mail |= poisoned[number // 10]
            send_mail(mail["to"], mail["subject"], mail["body"], now=NOW)
    db.session.commit()


def deliver(mailer: Mailer, now: datetime = NOW) -> None:
    deliver_mails(mailer, commit=db.session.commit, moment=lambda: now, site=SITE)


def deliver_twice(server: MailServer) -> None:
    with Mailer.from_url(server.url, _SENDER) as mailer:
        deliver(mailer)
        deliver(mailer)


def arrived(server: MailServer) -> list[str]:
    return [address for address in server.recipients if address in OTHERS]


def the_poisoned() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).where(Mail.to.not_in(OTHERS)).order_by(Mail.id)))


def test_addresses_that_cannot_be_are_given_up_alone(server: MailServer) -> None:
    nul = [] if ON_POSTGRESQL else ["a\0b@bjuv.se"]  # PostgreSQL stores none
    write(*({"to": to} for to in [*_NO_ADDRESSES, *nul]))
    deliver_twice(server)
    assert arrived(server) == OTHERS
    assert {mail.state for mail in the_poisoned()} == {DeliveryState.GIVEN_UP}


def test_subjects_that_cannot_be_are_settled_alone(server: MailServer) -> None:
    write(
        *({"subject": it} for it in ("Hej\nBcc: bo@bjuv.se", "Hej\r\n\r\nHej", "\r", "\x85", "å" * 100_000))
    )
    deliver_twice(server)
    assert arrived(server) == OTHERS
    assert DeliveryState.WAITING not in {mail.state for mail in the_poisoned()}
    assert not any(mail["Bcc"] for mail in server.mails)


def test_any_text_arrives_and_ends_no_other(server: MailServer) -> None:
    bodies = ["", "å" * 1_000_000, ".\r\n.\n..\r\nMAIL FROM:<a@b.se>", "\r\r\n\n\r", "\x01\x7f\x85"]
    write(*({"body": body} for body in bodies))
    deliver_twice(server)
    assert server.recipients == sorted([*OTHERS, *(mail.to for mail in the_poisoned())])
    assert len(the_poisoned()) == len(bodies)


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "END"])
def test_whatever_the_server_does_at_some_mails_it_gets_the_others(server: MailServer, verb: str) -> None:
    answers = {f"poison-{number}@bjuv.se": answer for number, answer in enumerate(_ANSWERS)}
    server.answer = lambda asked, talk: answers.get(talk.recipient) if asked == verb else None
    write(*({} for _ in answers))
    deliver_twice(server)
    assert arrived(server) == OTHERS
    assert [mail.state for mail in the_poisoned()].count(DeliveryState.GIVEN_UP) == 1
    assert not any(mail.claimed_until for mail in the_poisoned())
    assert all(mail.detail.isprintable() and len(mail.detail) <= 300 for mail in the_poisoned())


@pytest.mark.parametrize("verb", ["RSET", "MAIL"])
def test_whatever_the_server_does_between_two_mails_it_gets_them_all(server: MailServer, verb: str) -> None:
    answers = [HANG, HANG_UP, "?!", "", "\0", "421 no", "554 no"]
    server.answer = lambda asked, talk: (
        answers.pop() if asked == verb and talk.count == 10 and answers else None
    )
    write()
    deliver_twice(server)
    assert server.recipients == OTHERS
    assert not answers


def test_what_nobody_foresaw_is_tried_again_and_given_up_alone(server: MailServer) -> None:
    errors: dict[str, Exception] = {
        "poison-0@bjuv.se": RuntimeError("\0\ud800"),
        "poison-1@bjuv.se": MemoryError(),
        "poison-2@bjuv.se": UnicodeEncodeError("ascii", "å", 0, 1, "x" * 9000),
        "poison-3@bjuv.se": KeyError(),
    }

    class Surprising(Mailer):
        def send(self, message: Message) -> None:
            if message.to in errors:
                raise errors[message.to]
            super().send(message)

    write({}, {}, {}, {})
    with Surprising.from_url(server.url, _SENDER) as mailer:
        for day in range(MOST_ATTEMPTS):
            deliver(mailer, NOW + timedelta(days=day))
    assert arrived(server) == OTHERS
    assert {mail.state for mail in the_poisoned()} == {DeliveryState.GIVEN_UP}
    assert all(mail.detail.isprintable() for mail in the_poisoned())


def test_a_mail_whose_row_goes_meanwhile_is_sent_and_forgotten(server: MailServer) -> None:
    class Deleting(Mailer):
        def send(self, message: Message) -> None:
            super().send(message)
            if message.to == "poison-0@bjuv.se":
                db.session.execute(delete(Mail).where(Mail.to == message.to))
                db.session.commit()

    write({})
    with Deleting.from_url(server.url, _SENDER) as mailer:
        deliver(mailer)
    assert server.recipients == sorted([*OTHERS, "poison-0@bjuv.se"])
    assert the_poisoned() == []


def test_outcomes_that_cannot_be_written_down_stop_no_other(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [DataError("update", {}, Exception("no NUL")), RuntimeError(), ValueError("\0")]
    settle = mail_claims.settle

    def settle_the_others(mail_id: int, values: dict[str, Any]) -> None:
        if mail_id in error_by_id:
            raise error_by_id[mail_id]
        settle(mail_id, values)

    write({}, {}, {})
    error_by_id = dict(zip((mail.id for mail in the_poisoned()), errors, strict=True))
    monkeypatch.setattr(mail_claims, "settle", settle_the_others)
    deliver_twice(server)
    assert server.recipients == sorted([*OTHERS, *(mail.to for mail in the_poisoned())])
    waiting = db.session.scalars(select(Mail.id).where(Mail.state == DeliveryState.WAITING))
    assert set(waiting) == set(error_by_id), "sent again when their claims have run out, under the same id"
