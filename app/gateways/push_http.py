"""HTTP/1.1 as far as a push needs it: one small POST, one small answer, thousands of times over one connection.

A general client (aiohttp) spends three times as long on a request as its encryption takes. A push needs none of what
it offers, and must not have some of it: no redirects, no cookies, no proxies from the environment, no answers of any
length, and no name that is looked up once more behind the check of its address.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Final

#: The most of an answer that is read; what an endpoint says is the user's choice and may go on for ever.
LONGEST_ANSWER: Final = 16 * 1024

_STATUS = re.compile(r"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: .*)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """A push service's answer; names of headers in lower case, the beginning of the body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """A connection that takes one request at a time."""

    def __init__(self) -> None:
        self.reusable = False
        self.used = 0.0
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection makes
        self._transport = transport

    async def post(self, request: bytes, timeout: float) -> Answer:
        """Send the request and await the answer, for at most `timeout` seconds; raises `OSError`."""
        self.reusable = False
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("The push service hung up.")
        self._answer = self._loop.create_future()
        # A bare timer: asyncio.timeout() costs as much as making the whole request.
        timer = self._loop.call_later(timeout, self._expire)
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            timer.cancel()

    def _expire(self) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(TimeoutError("The push service did not answer in time."))

    def abort(self) -> None:
        if self._transport:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("The push service hung up."))

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            # Nothing was asked: whatever this is, it must not be taken for the next answer.
            self.reusable = False
            self.abort()
            return
        self._buffer += data
        try:
            self._read()
        except ValueError as error:
            self._answer.set_exception(ConnectionAbortedError(f"The push service spoke no HTTP: {error}"))

    def _read(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > LONGEST_ANSWER:
                raise ValueError("no end of headers")
            return
        status, keeps, headers = _head(self._buffer[:end])
        rest = self._buffer[end + 4 :]
        if status < 200:
            self._buffer = rest
            self._read()
            return
        length = _body_length(status, headers, rest)
        if length is None and len(rest) <= LONGEST_ANSWER and _is_framed(headers):
            return
        assert self._answer is not None  # noqa: S101 - data_received looked
        self.reusable = keeps and length == len(rest)
        self.used = self._loop.time()
        self._buffer = b""
        self._answer.set_result(Answer(status, headers, rest))


def _head(head: bytes) -> tuple[int, bool, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    found = _STATUS.fullmatch(first)
    if not found:
        raise ValueError("no status line")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    keeps = found[1] == "1" and "close" not in headers.get("connection", "").lower()
    return int(found[2]), keeps, headers


def _is_framed(headers: dict[str, str]) -> bool:
    """Whether the body has an end of its own, rather than that of the connection."""
    return "transfer-encoding" in headers or "content-length" in headers


def _body_length(status: int, headers: dict[str, str], rest: bytes) -> int | None:
    """How many bytes of `rest` are the body, when all of it is there; None when more may come."""
    if status in {204, 304}:
        return 0
    if "transfer-encoding" in headers:
        return _chunked_length(rest)
    length = int(headers.get("content-length", "-1"))
    return length if 0 <= length <= len(rest) else None


def _chunked_length(rest: bytes) -> int | None:
    at = 0
    while (line := rest.find(b"\r\n", at)) >= 0:
        size = int(rest[at:line].partition(b";")[0], 16)
        if size == 0:
            # Trailers are not awaited: with any, the length is not that of the buffer, and the connection ends.
            return line + 4 if rest[line + 2 : line + 4] == b"\r\n" else None
        at = line + 2 + size + 2
    return None
