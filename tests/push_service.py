"""A push service on loopback: it takes what the application posts, and answers well or badly, as it is told.

The first part of an endpoint's path says how it answers: `/201/…`, `/404/…`, `/429/…` (with Retry-After: 7),
`/silence/…` (never answers), `/hangup/…` (closes). `play()` overrides that for one path. It runs in a thread of its
own for tests, and as a process for benchmarks: `python -m tests.push_service --port 0 --latency 0.04 --tls DIR`.
"""

import argparse
import asyncio
import ssl
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.certificate import write_certificate
from tests.push_device import Device

HANGUP: Final = 0
SILENCE: Final = -1
_WORDS: Final = {"hangup": HANGUP, "silence": SILENCE}


@dataclass(frozen=True)
class Received:
    """A request as it came in; names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the service says: a status, or `HANGUP` or `SILENCE`."""

    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class PushService:
    """`with PushService(tls=directory) as service:` — then `service.device()` is a browser subscribed to it."""

    def __init__(
        self, *, tls: Path | None = None, latency: float = 0.0, record: bool = True, port: int = 0
    ) -> None:
        """`tls` is a directory for the self-signed certificate; without it the service speaks plain http."""
        self.latency = latency
        self.received: list[Received] = []
        self.connections = 0
        self.count = 0
        self.certificate = write_certificate(tls) if tls else None
        self._record = record
        self._port = port
        self._plays: dict[str, list[Answer]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._open: set[asyncio.Transport] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The push service did not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def authority(self) -> str:
        """What PUSH_EXTRA_HOSTS must allow."""
        return f"127.0.0.1:{self._port}"

    @property
    def origin(self) -> str:
        return f"{'https' if self.certificate else 'http'}://{self.authority}"

    def device(self, name: str = "device", *, answers: str = "201") -> Device:
        """A browser whose endpoint answers by the first part of its path."""
        return Device(endpoint=f"{self.origin}/{answers}/{name}")

    def play(self, path: str, *answers: Answer) -> None:
        """Answer requests to `path` with these, one after the other; the last one stays."""
        self._plays[path] = list(answers)

    def answer_for(self, request: Received) -> Answer:
        """Note the request and choose the answer."""
        self.count += 1
        if self._record:
            self.received.append(request)
        if plays := self._plays.get(request.path):
            return plays.pop(0) if len(plays) > 1 else plays[0]
        return _answer_of(request.path)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        context = _server_context(self.certificate) if self.certificate else None
        server = self._loop.run_until_complete(
            self._loop.create_server(
                lambda: _Connection(self), "127.0.0.1", self._port, ssl=context, backlog=1024
            )
        )
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for transport in list(self._open):
                transport.abort()
            self._loop.run_until_complete(asyncio.sleep(0.01))
            self._loop.close()


class _Connection(asyncio.Protocol):
    """One keep-alive connection; a parser by hand, since a benchmark's far end must not be what is measured."""

    def __init__(self, service: PushService) -> None:
        self._service = service
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._service.connections += 1
        self._service._open.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._service._open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            whole = end + 4 + int(headers.get("content-length", "0"))
            if len(self._buffer) < whole:
                return
            method, path, _ = first.split(" ", 2)
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            answer = self._service.answer_for(Received(method, path, headers, body))
            if self._service.latency:
                asyncio.get_running_loop().call_later(self._service.latency, self._send, answer)
            else:
                self._send(answer)

    def _send(self, answer: Answer) -> None:
        if answer.status == HANGUP:
            self._transport.abort()
        elif answer.status != SILENCE and not self._transport.is_closing():
            self._transport.write(_wire(answer))


def _answer_of(path: str) -> Answer:
    word = path.split("/", 2)[1]
    status = _WORDS[word] if word in _WORDS else int(word) if word.isdigit() else 201
    headers = {429: {"Retry-After": "7"}, 302: {"Location": "/201/elsewhere"}}.get(status, {})
    return Answer(status, headers)


def _wire(answer: Answer) -> bytes:
    headers = {"Content-Length": str(len(answer.body)), **answer.headers}
    if answer.status == 204:
        del headers["Content-Length"]
    lines = [f"HTTP/1.1 {answer.status} Answer", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


def _main() -> None:
    parser = argparse.ArgumentParser(
        description="A push service on loopback, for benchmarks. Ends with its stdin."
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--tls", type=Path, help="directory for the certificate")
    options = parser.parse_args()
    with PushService(tls=options.tls, latency=options.latency, record=False, port=options.port) as service:
        sys.stdout.write(f"{service.origin} {service.certificate or ''}\n")
        sys.stdout.flush()
        sys.stdin.read()
        sys.stdout.write(f"{service.count} {service.connections}\n")


if __name__ == "__main__":
    _main()
