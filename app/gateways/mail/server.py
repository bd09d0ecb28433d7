"""A mail server, spoken to over SMTP: one connection carries many mails."""

import contextlib
import smtplib
import ssl
from time import monotonic
from typing import Final, NamedTuple, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

from app.gateways.mail import answers
from app.gateways.mail.letter import Letter
from app.gateways.mail.not_sent import MailNotSent
from app.text import foreign

#: Seconds for one mail, with a new connection if it needs one. Shorter than the outbox lets a worker hold a mail, so
#: that no other sends it meanwhile.
MOST_FOR_A_MAIL: Final = 150.0
#: A server may look for viruses and pass the mail on before it answers to its end. Who does not wait sends it twice.
_TIMES_AS_LONG_AFTER_THE_MAIL: Final = 3
#: Seconds for the farewell, on which nothing depends.
_FOR_THE_FAREWELL: Final = 2.0
#: How many connections a worker opens at most, unless MAIL_URL says otherwise.
_CONNECTIONS: Final = 6


class Access(NamedTuple):
    """Where the server is, how it is reached, and how many connections it takes from a worker at a time."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    ca: str | None
    connections: int

    @classmethod
    def from_url(cls, url: str) -> "Access":
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        user = unquote(parts.username or "")
        default_tls = "implicit" if parts.scheme == "smtps" else "starttls" if user else "none"
        tls = options.get("tls") or default_tls
        connections = options.get("connections") or str(_CONNECTIONS)
        if (
            tls not in {"implicit", "starttls", "none"}
            or options.keys() - {"tls", "ca", "connections"}
            or not (connections.isascii() and connections.isdigit() and 1 <= int(connections) <= 50)
        ):
            raise ValueError("MAIL_URL takes ?tls=starttls or ?tls=none, &ca=FILE and &connections=NUMBER.")
        port = parts.port or {"implicit": 465, "starttls": 587}.get(tls, 25)
        password = unquote(parts.password or "")
        return cls(parts.hostname or "", port, user, password, tls, options.get("ca"), int(connections))


class Server:
    """The connection is opened with the first mail, kept for the next ones, and opened anew when it is lost.

    Not for several threads: each takes a server of its own.
    """

    def __init__(self, access: Access, timeout: float) -> None:
        self.connections = access.connections
        self._access = access
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._ends_at = 0.0

    def send(self, letter: Letter) -> None:
        """Hand the mail over; raises `MailNotSent`. When it returns the server has taken the mail: it said so, and
        nothing that happens to the connection afterwards changes it."""
        self._ends_at = monotonic() + MOST_FOR_A_MAIL
        try:
            connection = self._begin(letter)
            self._allow(connection, self._timeout)
            self._expect("RCPT", connection.rcpt(letter.recipient))
            self._allow(connection, self._timeout * _TIMES_AS_LONG_AFTER_THE_MAIL)
            self._expect("DATA", connection.data(letter.content))
        except MailNotSent:
            raise
        except smtplib.SMTPDataError as error:
            self._refuse("DATA", error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailNotSent(_in_words(error), permanent=False) from error
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        """Say farewell and hang up; never fails."""
        if self._connection and self._connection.sock:
            with contextlib.suppress(Exception):
                self._connection.sock.settimeout(_FOR_THE_FAREWELL)
                self._connection.quit()
        self._drop()

    def _begin(self, letter: Letter) -> smtplib.SMTP:
        """MAIL FROM. Here a server says that it has had enough of a connection, so a kept one is not believed."""
        if self._connection:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if _is_positive(self._mail(self._reset(self._connection), letter)[0]):
                    return self._connection
            self._drop()
        self._connection = self._connect()
        self._expect("MAIL", self._mail(self._connection, letter))
        return self._connection

    def _reset(self, connection: smtplib.SMTP) -> smtplib.SMTP:
        self._allow(connection, self._timeout)
        code, answer = connection.rset()
        if not _is_positive(code):
            raise smtplib.SMTPResponseException(code, answer)
        return connection

    def _mail(self, connection: smtplib.SMTP, letter: Letter) -> tuple[int, bytes]:
        self._allow(connection, self._timeout)
        options = [f"size={len(letter.content)}"] if connection.has_extn("size") else []
        if connection.has_extn("8bitmime") and not letter.content.isascii():
            options.append("body=8bitmime")
        return connection.mail(letter.sender, options)

    def _expect(self, command: answers.Command, answer: tuple[int, bytes]) -> None:
        code, text = answer
        if not _is_positive(code):
            self._refuse(command, code, text)

    def _refuse(self, command: answers.Command, code: int, text: bytes | str) -> NoReturn:
        # 421: it hangs up. After what is no answer of SMTP it is not known what the next one belongs to.
        if code == 421 or not 200 <= code < 600:
            self._drop()
        raise answers.read_refusal(command, code, text)

    def _allow(self, connection: smtplib.SMTP, seconds: float, answers: int = 1) -> None:
        """Let each of the next answers take that long, but the whole mail no longer than it may."""
        remaining = self._ends_at - monotonic()
        if connection.sock:
            connection.sock.settimeout(max(0.05, min(seconds, remaining / answers)))

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with contextlib.suppress(Exception):
                connection.close()

    def _connect(self) -> smtplib.SMTP:
        mend, connection = answers.UNREACHABLE, None
        try:
            context = self._trust() if self._access.tls != "none" else None
            connection = self._open(context)
            mend = answers.GREETING
            self._greet(connection)
            if self._access.tls == "starttls":
                mend = answers.ENCRYPTION
                connection.starttls(context=context)
                self._greet(connection)
            if self._access.user:
                mend = answers.LOGIN
                self._allow(connection, self._timeout, answers=3)
                connection.login(self._access.user, self._access.password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if connection:
                connection.close()
            raise _not_connected(mend, error) from error
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        self._allow(connection, self._timeout, answers=3)
        connection.ehlo_or_helo_if_needed()

    def _open(self, context: ssl.SSLContext | None) -> smtplib.SMTP:
        host, port = self._access.host, self._access.port
        if self._access.tls == "implicit":
            return smtplib.SMTP_SSL(host, port, timeout=self._timeout, context=context)
        return smtplib.SMTP(host, port, timeout=self._timeout)

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._access.ca)
        except OSError as error:
            raise ssl.SSLError(f"ca={self._access.ca} in MAIL_URL cannot be read: {error}") from error


def _not_connected(mend: str, error: Exception) -> MailNotSent:
    """Nobody was asked about the mail. `mend`: what it takes if this step was refused, and did not fail by itself."""
    if isinstance(error, smtplib.SMTPResponseException):
        refused = answers.RULE if mend == answers.UNREACHABLE else mend
        mend = refused if error.smtp_code >= 500 else answers.NOT_READY
    elif isinstance(error, ssl.SSLError):
        mend = answers.ENCRYPTION
    elif isinstance(error, smtplib.SMTPServerDisconnected) or _is_of_the_network(error):
        mend = answers.UNREACHABLE
    return MailNotSent(_in_words(error), permanent=False, mend=mend, server_wide=True)


def _is_of_the_network(error: Exception) -> bool:
    # smtplib's own errors are OSErrors too.
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _in_words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        return foreign(
            str(error.smtp_code).encode() + b" " + (answer if isinstance(answer, bytes) else answer.encode())
        )
    return foreign(f"{type(error).__name__}: {error}")


def _is_positive(code: int) -> bool:
    return 200 <= code < 300
