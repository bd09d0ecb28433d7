"""Mail to a real SMTP server on loopback, and into a directory."""

import socket
import ssl
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.gateways.mail import Mailer, MailNotSent, Message
from tests.certificate import write_certificate

pytestmark = pytest.mark.house  # needs no database

SENDER = "Eldsjäl <eldsjal@example.se>"
CODE = Message("anna@example.se", "Din kod: 123 456", "Koden är 123 456.")

Serve = Callable[..., "Inbox"]


class Inbox:
    """What the server took, and the word with which it refuses a recipient."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.refusal = ""
        self.secure = False
        self.users: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert server.transport
        self.secure = server.transport.get_extra_info("sslcontext") is not None
        assert isinstance(envelope.content, bytes)
        self.mails.append(_read(envelope.content))
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.users.append(data.login)
        return AuthResult(success=data.password == b"hemligt&1", handled=False)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return write_certificate(tmp_path / "tls")


@pytest.fixture
def serve(certificate: Path) -> Iterator[Serve]:
    """Start a server; `tls`: none, starttls or implicit; `login`: whether it wants one."""
    running: list[Controller] = []

    def start(tls: str = "none", login: bool = False) -> Inbox:
        inbox = Inbox()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        options: dict[str, Any] = {
            "starttls": {"tls_context": context},
            "implicit": {"ssl_context": context},
        }.get(tls, {})
        if login:
            options |= {
                "authenticator": inbox.authenticate,
                "auth_required": True,
                "auth_require_tls": tls == "starttls",
            }
        controller = Controller(inbox, hostname="127.0.0.1", port=_free_port(), **options)
        controller.start()
        running.append(controller)
        inbox.port = controller.port
        return inbox

    yield start
    for controller in running:
        controller.stop()


def test_a_mail_arrives_as_it_was_written(serve: Serve) -> None:
    inbox = serve()
    Mailer.from_url(f"smtp://127.0.0.1:{inbox.port}", SENDER).send(CODE)
    [mail] = inbox.mails
    assert mail["From"].addresses[0].display_name == "Eldsjäl"
    assert (mail["To"], mail["Subject"]) == ("anna@example.se", "Din kod: 123 456")
    assert mail["Message-ID"].endswith("@example.se>")
    assert mail["Date"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().strip() == "Koden är 123 456."


def test_a_mail_may_carry_further_headers(serve: Serve) -> None:
    inbox = serve()
    headers = {"List-Unsubscribe": "<https://eldsjal.example.se/settings>"}
    Mailer.from_url(f"smtp://127.0.0.1:{inbox.port}", SENDER).send(
        Message("a@b.se", "Hej", "Hej!", headers=headers)
    )
    assert inbox.mails[0].get_content_type() == "text/plain"
    assert inbox.mails[0]["List-Unsubscribe"] == headers["List-Unsubscribe"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "starttls"), ("smtps", "implicit")])
def test_a_login_travels_encrypted(serve: Serve, certificate: Path, scheme: str, tls: str) -> None:
    inbox = serve(tls, login=True)
    Mailer.from_url(f"{scheme}://anna%40x:hemligt%261@127.0.0.1:{inbox.port}?ca={certificate}", SENDER).send(
        CODE
    )
    assert inbox.secure
    assert inbox.users == [b"anna@x"]


def test_a_server_with_an_unknown_certificate_gets_neither_login_nor_mail(serve: Serve) -> None:
    inbox = serve("starttls", login=True)
    error = _failure(f"smtp://anna:hemligt&1@127.0.0.1:{inbox.port}")
    assert not error.permanent
    assert (inbox.users, inbox.mails) == ([], [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_login_is_never_sent_to_a_server_without_encryption(serve: Serve) -> None:
    inbox = serve("none", login=True)
    assert not _failure(f"smtp://anna:hemligt&1@127.0.0.1:{inbox.port}").permanent
    assert inbox.users == []


def test_a_wrong_password_is_ours_to_mend_so_the_mail_waits(serve: Serve, certificate: Path) -> None:
    inbox = serve("starttls", login=True)
    error = _failure(f"smtp://anna:fel@127.0.0.1:{inbox.port}?ca={certificate}")
    assert not error.permanent
    assert "535" in error.detail


@pytest.mark.parametrize(("refusal", "permanent"), [("550 No such person", True), ("451 Try later", False)])
def test_the_servers_refusal_is_final_or_not(serve: Serve, refusal: str, permanent: bool) -> None:
    inbox = serve()
    inbox.refusal = refusal
    error = _failure(f"smtp://127.0.0.1:{inbox.port}")
    assert (error.permanent, error.detail) == (permanent, refusal)


def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    assert not _failure(f"smtp://127.0.0.1:{_free_port()}").permanent


@pytest.mark.parametrize(
    "message",
    [
        Message("anna@example.se\r\nBcc: bo@example.se", "Hej", "Hej!"),
        Message("anna@example.se, bo@example.se", "Hej", "Hej!"),
        Message("Anna <anna@example.se>", "Hej", "Hej!"),
        Message("anna", "Hej", "Hej!"),
        Message("", "Hej", "Hej!"),
        Message("@example.se", "Hej", "Hej!"),
        Message("anna@", "Hej", "Hej!"),
        Message("anna@exa..mple.se", "Hej", "Hej!"),
        Message("anna@example.se", "Hej\nBcc: bo@example.se", "Hej!"),
        Message("anna@example.se", "Hej", "Hej!", headers={"Reply-To": "a@b.se\r\nBcc: bo@example.se"}),
    ],
)
def test_no_header_and_no_recipient_can_be_smuggled_in(tmp_path: Path, message: Message) -> None:
    with pytest.raises(MailNotSent) as refused:
        Mailer.from_url(f"file://{tmp_path}", SENDER).send(message)
    assert refused.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_without_a_server_each_mail_is_a_file(tmp_path: Path) -> None:
    mailer = Mailer.from_url(f"file://{tmp_path}/ut%20post", SENDER)
    mailer.send(CODE)
    mailer.send(Message("åsa@räksmörgås.se".replace("å", "a", 1), "Räksmörgås", "Hej!"))
    first, second = (
        _read(path.read_bytes()) for path in sorted((tmp_path / "ut post").glob("*.eml"), key=_written)
    )
    assert first["Subject"] == "Din kod: 123 456"
    assert (second["Subject"], second["To"]) == ("Räksmörgås", "asa@xn--rksmrgs-5wao1o.se")


def test_a_directory_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not _failure(f"file://{tmp_path}/file").permanent


@pytest.mark.parametrize(
    "url", ["", "smtp://", "http://example.se", "smtp://example.se?tls=maybe", "smtp://example.se?starttls=1"]
)
def test_a_setting_that_is_wrong_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="MAIL_URL"):
        Mailer.from_url(url, SENDER)


def test_a_sender_without_an_address_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MAIL_FROM"):
        Mailer.from_url(f"file://{tmp_path}", "Eldsjäl")


def _failure(url: str) -> MailNotSent:
    with pytest.raises(MailNotSent) as failed:
        Mailer.from_url(url, SENDER).send(CODE)
    return failed.value


def _read(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _written(path: Path) -> int:
    return path.stat().st_mtime_ns


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
