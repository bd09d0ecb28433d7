"""How a mail server is used: one connection for many mails, and its word believed."""

import socket
from collections.abc import Iterator

import pytest

from app.gateways import mail as gateway
from app.gateways.mail import Mailer, MailNotSent, Message
from app.gateways.mail.server import MOST_FOR_A_MAIL
from app.services.notifications.outbox import LEASE
from tests.mail_server import HANG, HANG_UP, Answer, MailServer

pytestmark = pytest.mark.house  # needs no database

SENDER = "Eldsjäl <eldsjal@example.se>"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "TIMEOUT", 0.2)


def answer_once(verb: str, answer: str, after: int = 0) -> Answer:
    """The answer to the command of that name when `after` others have had the usual one."""
    waiting = [None] * after + [answer]
    return lambda asked, _conversation: waiting.pop(0) if asked == verb and waiting else None


def mails(count: int) -> list[Message]:
    return [Message(f"{number}@bjuv.se", "Hej", "Hej!") for number in range(count)]


def test_one_connection_carries_many_mails(server: MailServer) -> None:
    with Mailer.from_url(server.url, SENDER) as mailer:
        for message in mails(20):
            mailer.send(message)
    assert len(server.conversations) == 1
    assert len(server.mails) == 20
    assert server.verbs[-1] == "QUIT"


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("RSET", HANG_UP),
        ("RSET", "421 you have had enough"),
        ("RSET", "500 never heard of"),
        ("RSET", "?!"),
        ("RSET", HANG),
        ("MAIL", HANG_UP),
        ("MAIL", "421 4.7.0 too many mails on this connection"),
        ("MAIL", "452 4.5.3 too many mails"),
        ("MAIL", "550 too many mails"),
    ],
)
def test_when_the_server_has_enough_of_a_connection_the_next_mail_goes_by_a_new_one(
    server: MailServer, verb: str, answer: str
) -> None:
    server.answer = lambda asked, talk: answer if asked == verb and talk.count == 2 else None
    with Mailer.from_url(server.url, SENDER) as mailer:
        for message in mails(6):
            mailer.send(message)
    assert server.recipients == [f"{number}@bjuv.se" for number in range(6)]
    assert [talk.count for talk in server.conversations] == [2, 2, 2]


@pytest.mark.parametrize("verb", ["QUIT", "RSET"])
@pytest.mark.parametrize("answer", [HANG, HANG_UP, "421 no", "554 no", "", "\0", "x" * 10_000])
def test_what_was_taken_is_sent_whatever_follows(server: MailServer, verb: str, answer: str) -> None:
    server.answer = lambda asked, _talk: answer if asked == verb else None
    with Mailer.from_url(server.url, SENDER) as mailer:
        for message in mails(2):
            mailer.send(message)
    assert server.recipients == ["0@bjuv.se", "1@bjuv.se"]


@pytest.mark.parametrize(
    "answer", ["250 OK", "250-queued\r\n250 as 123", "251 elsewhere", "250 \0\x1b[31m \ufffd"]
)
def test_every_way_to_say_yes_is_a_yes(server: MailServer, answer: str) -> None:
    server.answer = lambda asked, _talk: answer if asked == "END" else None
    Mailer.from_url(server.url, SENDER).send(mails(1)[0])


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(
    "answer",
    [HANG, HANG_UP, "?!", "", "\0\0\0", "x" * 10_000, "421 closing", "451 greylisted", "-1 x", "999999 x"],
)
def test_a_server_out_of_its_mind_is_tried_again_later_and_the_next_mail_leaves(
    server: MailServer, verb: str, answer: str
) -> None:
    server.answer = answer_once(verb, answer)
    # A greeting that is refused is tried in the old way (HELO), which is as good.
    was_sent = verb == "EHLO" and answer[:3].isdigit()
    with Mailer.from_url(server.url, SENDER) as mailer:
        first, second = mails(2)
        if not was_sent:
            with pytest.raises(MailNotSent) as failed:
                mailer.send(first)
            assert not failed.value.permanent
            assert failed.value.detail.isprintable()
            assert len(failed.value.detail) <= 300
            assert bool(failed.value.mend) == (verb in {"CONNECT", "EHLO"}), (
                "whether the mail was asked about"
            )
        mailer.send(second)
    assert "1@bjuv.se" in server.recipients


def test_a_server_that_is_not_there_was_not_asked_about_the_mail() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(MailNotSent) as failed:
            Mailer.from_url(url, SENDER).send(mails(1)[0])
    assert "cannot be reached" in failed.value.mend
    assert failed.value.server_wide


def test_a_mail_is_given_up_before_another_worker_may_take_it() -> None:
    assert LEASE.total_seconds() - 20 > MOST_FOR_A_MAIL


def test_a_mail_that_is_sent_again_carries_the_same_id(server: MailServer) -> None:
    mailer = Mailer.from_url(server.url, SENDER)
    for _ in range(2):
        mailer.send(Message("anna@bjuv.se", "Hej", "Hej!", message_id="<1.2@example.se>"))
    mailer.send(Message("anna@bjuv.se", "Hej", "Hej!"))
    first, second, third = (mail["Message-ID"] for mail in server.mails)
    assert first == second == "<1.2@example.se>"
    assert third.endswith("@example.se>")


@pytest.mark.parametrize(
    ("query", "connections"), [("", 6), ("?connections=2", 2), ("?tls=none&connections=1", 1)]
)
def test_the_setting_says_how_many_connections_there_may_be(query: str, connections: int) -> None:
    assert Mailer.from_url(f"smtp://mail.example.se{query}", SENDER).connections == connections


@pytest.mark.parametrize("number", ["0", "-1", "many", "51", "²", "1.5"])
def test_a_number_of_connections_that_cannot_be_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="MAIL_URL"):
        Mailer.from_url(f"smtp://mail.example.se?connections={number}", SENDER)
