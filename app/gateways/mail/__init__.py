"""Mail: over SMTP, or as .eml files in a directory when there is no server (development, tests)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

from app import clock
from app.gateways.mail.letter import Letter
from app.gateways.mail.not_sent import MailNotSent
from app.gateways.mail.policy import POLICY
from app.gateways.mail.server import Access, Server
from app.text import foreign

#: Seconds to wait for a connection and for each answer, so that the job that sends mail cannot hang.
TIMEOUT: Final = 20.0
#: The longest address that can be (RFC 5321, section 4.5.3.1).
_LONGEST_ADDRESS: Final = 320
#: More than this is no subject. Writing out one of megabytes takes minutes.
_LONGEST_SUBJECT: Final = 900


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one person; `html` is the same text as a page. `headers` are additional ones, such as List-Unsubscribe.
    A mail that may be sent again carries the same `message_id` each time; without one it gets a new one."""

    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    message_id: str = ""


class _Transport(Protocol):
    """How mail leaves. `connections`: how many mailers at a time are of use to it."""

    @property
    def connections(self) -> int: ...

    def send(self, letter: Letter) -> None: ...

    def close(self) -> None: ...


class Mailer:
    """Sends mail by the transport that MAIL_URL names.

    What it opens it keeps for the next mail, until it is closed or its `with` block ends. Not for several threads.
    """

    #: The sender's domain, in which the ids of mails are unique.
    domain = "localhost"
    #: How many mailers may be at work at the same time.
    connections = 1

    def __init__(self, transport: _Transport, sender: str) -> None:
        self._transport = transport
        self._sender = _address(*parseaddr(sender))
        self.domain = self._sender.domain
        self.connections = transport.connections

    @classmethod
    def from_url(cls, url: str, sender: str) -> "Mailer":
        """`smtp://user:password@host:port?tls=starttls`, `smtps://…` or `file:///directory`.

        `tls` is `starttls` or `none`; without it, starttls if there is a user, so that no password is sent unencrypted.
        `ca` is the path of a private certificate authority, `connections` how many the server takes at a time. Any
        other URL is a `ValueError`, and so is a malformed `sender` ("Name <address>").
        """
        parts = urlsplit(url)
        try:
            if parts.scheme == "file":
                return cls(_Directory(Path(unquote(parts.path))), sender)
            if parts.scheme in {"smtp", "smtps"} and parts.hostname:
                return cls(Server(Access.from_url(url), TIMEOUT), sender)
        except MailNotSent as error:
            raise ValueError(f"MAIL_FROM is no address: {sender!r}.") from error
        raise ValueError("MAIL_URL must begin with smtp://host, smtps://host or file:///directory.")

    def send(self, message: Message) -> None:
        """Hand the mail over; raises `MailNotSent`."""
        self._transport.send(self._compose(message))

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _compose(self, message: Message) -> Letter:
        try:
            return self._write(message)
        except MailNotSent:
            raise
        except Exception as error:
            # The library fails in many ways on what cannot be written (a line break, half a character); none passes.
            detail = foreign(f"The mail cannot be written: {error}")
            raise MailNotSent(detail, permanent=True) from error

    def _write(self, message: Message) -> Letter:
        if len(message.to) > _LONGEST_ADDRESS:
            raise MailNotSent("An address of that length cannot be.", permanent=True)
        recipient = _address("", message.to)
        mail = EmailMessage(policy=POLICY)
        mail["From"] = self._sender
        mail["To"] = recipient
        # A line break in a header would begin another header: the library refuses it, and so do we.
        mail["Subject"] = message.subject[:_LONGEST_SUBJECT].replace("\0", "")
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = message_id = message.message_id or make_msgid(domain=self.domain)
        mail["Auto-Submitted"] = "auto-generated"
        for name, value in message.headers.items():
            mail[name] = value
        mail.set_content(message.text.replace("\0", ""))
        if message.html:
            # The last is the one that a reader prefers (RFC 2046, section 5.1.4).
            mail.add_alternative(message.html.replace("\0", ""), subtype="html")
        token = message_id.strip("<>").partition("@")[0]
        return Letter(self._sender.addr_spec, recipient.addr_spec, mail.as_bytes(), token)


@dataclass(frozen=True)
class _Directory:
    """Each mail as a file, named so that they sort by time."""

    path: Path
    connections: int = 1

    def send(self, letter: Letter) -> None:
        stamp = f"{clock.now():%Y%m%dT%H%M%S}"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            unfinished = self.path / f".{letter.token}.part"
            unfinished.write_bytes(letter.content)
            unfinished.rename(self.path / f"{stamp}-{letter.token}.eml")
        except OSError as error:
            raise MailNotSent(f"The mail cannot be kept: {error}", permanent=False) from error

    def close(self) -> None:
        """There is nothing to hang up."""


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
