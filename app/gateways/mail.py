"""Mail: over SMTP, or as .eml files in a directory when there is no server (development, tests)."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app import clock

#: Seconds to wait for a connection and for each answer, so that the job that sends mail cannot hang.
TIMEOUT: Final = 20.0
#: From this code on, the server will never accept the mail (RFC 5321, section 4.2.1).
_PERMANENT: Final = 500


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one person. `headers` are additional ones, such as List-Unsubscribe."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class MailNotSent(Exception):
    """The mail was not sent. `permanent`: trying again is useless (no such recipient, a malformed address)."""

    def __init__(self, detail: str, *, permanent: bool) -> None:
        super().__init__(detail)
        self.detail = detail
        self.permanent = permanent


class _Transport(Protocol):
    def send(self, message: EmailMessage) -> None: ...


class Mailer:
    """Sends mail by the transport that MAIL_URL names."""

    def __init__(self, transport: _Transport, sender: str) -> None:
        self._transport = transport
        self._sender = _address(*parseaddr(sender))

    @classmethod
    def from_url(cls, url: str, sender: str) -> "Mailer":
        """`smtp://user:password@host:port?tls=starttls`, `smtps://…` or `file:///directory`.

        `tls` is `starttls` or `none`; without it, starttls if there is a user, so that no password is sent unencrypted.
        `ca` is the path of a private certificate authority. Any other URL is a `ValueError`, and so is a malformed
        `sender` ("Name <address>").
        """
        parts = urlsplit(url)
        try:
            if parts.scheme == "file":
                return cls(_Directory(Path(unquote(parts.path))), sender)
            if parts.scheme in {"smtp", "smtps"} and parts.hostname:
                return cls(_Server.from_url(url), sender)
        except MailNotSent as error:
            raise ValueError(f"MAIL_FROM is no address: {sender!r}.") from error
        raise ValueError("MAIL_URL must begin with smtp://host, smtps://host or file:///directory.")

    def send(self, message: Message) -> None:
        """Hand the mail over; raises `MailNotSent`."""
        self._transport.send(self._compose(message))

    def _compose(self, message: Message) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        try:
            mail["From"] = self._sender
            mail["To"] = _address("", message.to)
            # A line break in a header would begin another header: the library refuses it, and so do we.
            mail["Subject"] = message.subject
            mail["Date"] = format_datetime(clock.now())
            mail["Message-ID"] = make_msgid(domain=self._sender.domain)
            mail["Auto-Submitted"] = "auto-generated"
            for name, value in message.headers.items():
                mail[name] = value
            mail.set_content(message.text)
        except (ValueError, MessageError) as error:
            raise MailNotSent(f"The mail cannot be written: {error}", permanent=True) from error
        return mail


@dataclass(frozen=True)
class _Directory:
    """Each mail as a file, named so that they sort by time."""

    path: Path

    def send(self, message: EmailMessage) -> None:
        stamp = f"{clock.now():%Y%m%dT%H%M%S}"
        token = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            unfinished = self.path / f".{token}.part"
            unfinished.write_bytes(message.as_bytes())
            unfinished.rename(self.path / f"{stamp}-{token}.eml")
        except OSError as error:
            raise MailNotSent(f"The mail cannot be kept: {error}", permanent=False) from error


@dataclass(frozen=True)
class _Server:
    """A mail server; one connection for each mail."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    ca: str | None

    @classmethod
    def from_url(cls, url: str) -> "_Server":
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        user = unquote(parts.username or "")
        default_tls = "implicit" if parts.scheme == "smtps" else "starttls" if user else "none"
        tls = options.get("tls") or default_tls
        if tls not in {"implicit", "starttls", "none"} or options.keys() - {"tls", "ca"}:
            raise ValueError("MAIL_URL takes ?tls=starttls or ?tls=none, and &ca=FILE.")
        port = parts.port or {"implicit": 465, "starttls": 587}.get(tls, 25)
        return cls(parts.hostname or "", port, user, unquote(parts.password or ""), tls, options.get("ca"))

    def send(self, message: EmailMessage) -> None:
        try:
            with self._connect() as connection:
                if self.user:
                    connection.login(self.user, self.password)
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise MailNotSent(_answer(code, text), permanent=code >= _PERMANENT) from error
        except smtplib.SMTPAuthenticationError as error:
            # Our password is wrong, not the mail: the mail waits until somebody corrects it.
            raise MailNotSent(_answer(error.smtp_code, error.smtp_error), permanent=False) from error
        except smtplib.SMTPResponseException as error:
            permanent = error.smtp_code >= _PERMANENT
            raise MailNotSent(_answer(error.smtp_code, error.smtp_error), permanent=permanent) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailNotSent(f"{type(error).__name__}: {error}", permanent=False) from error

    def _connect(self) -> smtplib.SMTP:
        if self.tls == "implicit":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=self._trust())
        connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.tls == "starttls":
            try:
                connection.starttls(context=self._trust())
            except (smtplib.SMTPException, OSError):
                connection.close()
                raise
        return connection

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca)


def _address(name: str, address: str) -> Address:
    try:
        user, _, domain = address.rpartition("@")
        # A domain with letters outside ASCII can be written in ASCII; before the @ only some servers accept them.
        ascii_domain = domain.encode("idna").decode()
        parsed = Address(name, addr_spec=f"{user}@{ascii_domain}")
    except (ValueError, MessageError, IndexError) as error:
        raise MailNotSent(f"No address: {address!r}", permanent=True) from error
    if not parsed.username or not parsed.domain or not (name + address).isprintable():
        raise MailNotSent(f"No address: {address!r}", permanent=True)
    return parsed


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
