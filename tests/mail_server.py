"""A mail server on loopback that does at each command what a test wants: answer anything, hang, or hang up."""

import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

#: What may stand instead of an answer.
HANG_UP = "hang up"
HANG = "hang"

_DEFAULTS = {
    "CONNECT": "220 mail.example.se",
    "EHLO": "250-mail.example.se\r\n250-8BITMIME\r\n250 SIZE 1000000",
    "DATA": "354 go on",
    "QUIT": "221 farewell",
}


@dataclass
class Conversation:
    """One connection. `count` is the number of mails taken on it, `recipient` that of the mail under way."""

    number: int
    recipient: str = ""
    count: int = 0
    line: str = ""


#: `(verb, conversation)` to an answer, or None for the usual one. Verbs are SMTP's, and CONNECT and END (of a mail).
Answer = Callable[[str, Conversation], "str | bytes | None"]


@dataclass
class MailServer:
    """What it has seen. It may `ponder` over each mail before it takes it."""

    answer: Answer = lambda _verb, _conversation: None
    ponder: Callable[[Conversation], None] = lambda _conversation: None
    conversations: list[Conversation] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                _Dialogue(server, self.request).run()

        self._server = _Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        """Those whose mail was taken, sorted."""
        with self.lock:
            return sorted(str(mail["To"]) for mail in self.mails)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


class _Dialogue:
    def __init__(self, server: MailServer, connection: socket.socket) -> None:
        self._server = server
        self._socket = connection
        self._file = connection.makefile("rb")
        with server.lock:
            self._conversation = Conversation(len(server.conversations) + 1)
            server.conversations.append(self._conversation)

    def run(self) -> None:
        try:
            alive = bool(self._reply("CONNECT"))
            while alive and (line := self._file.readline()):
                self._conversation.line = line.decode("utf-8", "replace").strip()
                alive = self._follow(self._conversation.line.partition(" ")[0].upper())
        except OSError:
            pass  # the other side hung up

    def _follow(self, verb: str) -> bool:
        if verb == "RCPT":
            self._conversation.recipient = self._conversation.line.partition("<")[2].partition(">")[0]
        code = self._reply(verb)
        return self._read_mail() if code == "354" else bool(code) and verb != "QUIT"

    def _read_mail(self) -> bool:
        lines = []
        while (line := self._file.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            return False
        self._server.ponder(self._conversation)
        mail: Any = message_from_bytes(b"".join(lines), policy=policy.default)
        return bool(self._reply("END", mail))

    def _reply(self, verb: str, mail: EmailMessage | None = None) -> str:
        """Answer; returns the code, or nothing if the connection is to end."""
        with self._server.lock:
            self._server.verbs.append(verb)
            answer = self._server.answer(verb, self._conversation)
            answer = answer if answer is not None else _DEFAULTS.get(verb, "250 OK")
            text = answer if isinstance(answer, bytes) else answer.encode()
            if mail and text.startswith(b"250"):
                self._server.mails.append(mail)
                self._conversation.count += 1
        if answer == HANG:
            self._server.is_over.wait()
        if answer in {HANG, HANG_UP}:
            self._socket.shutdown(socket.SHUT_RDWR)
            return ""
        self._socket.sendall(text + b"\r\n")
        return text[:3].decode("latin-1")
