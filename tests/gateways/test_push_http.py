"""Answers as push services, good and bad, may write them, over plain connections."""

import asyncio
import ssl
from contextlib import suppress

import pytest

from app.gateways.push_connections import Connections
from app.gateways.push_endpoints import Origin
from app.gateways.push_http import Answer

REQUEST = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("pieces", "status", "kept"),
    [
        ([b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"], 201, True),
        ([b"HTTP/1.1 201\r\nContent-Length: 0\r\n\r\n"], 201, True),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, True),
        ([b"HTTP/1.1 2", b"01 Created\r\nContent-Le", b"ngth: 4\r\n\r\nab", b"cd"], 201, True),
        ([b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 C\r\nContent-Length: 0\r\n\r\n"], 201, True),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"0\r\n\r\n"], 200, True),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7;x=y\r\n0\r\n\r\nab\r\n", b"0\r\n\r\n"], 200, True),
        ([b"HTTP/1.1 201 C\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n"], 201, False),
        ([b"HTTP/1.0 201 C\r\nContent-Length: 0\r\n\r\n"], 201, False),
        ([b"HTTP/1.1 200 OK\r\n\r\nuntil the end"], 200, False),
        ([b"HTTP/1.1 201 C\r\nContent-Length: 0\r\n\r\nHTTP/1.1 410 Gone\r\n\r\n"], 201, False),
        ([b"HTTP/1.1 500 E\r\nContent-Length: 99999999\r\n\r\n", b"x" * 20_000], 500, False),
    ],
)  # fmt: skip
def test_an_answer_is_understood_and_the_connection_kept_only_when_it_is_clean(
    pieces: list[bytes], status: int, kept: bool
) -> None:
    answers, connections = _talk(pieces, requests=2)
    assert [answer.status for answer in answers] == [status, status]
    assert connections == (1 if kept else 2)


@pytest.mark.parametrize(
    "pieces",
    [
        [b"SSH-2.0-OpenSSH_9.6\r\n\r\n"], [b"HTTP/1.1 999 Odd\r\n\r\n"], [b"x" * 20_000], [b"HTTP/1.1 201"],
        [b"\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"],
    ],
)  # fmt: skip
def test_what_is_no_answer_is_an_error_of_the_connection(pieces: list[bytes]) -> None:
    with pytest.raises(OSError, match=r"hung up|no HTTP"):
        _talk(pieces, hangs_up=True)


def test_headers_are_known_in_lower_case() -> None:
    [answer], _ = _talk([b"HTTP/1.1 429 Too Many\r\nRETRY-AFTER:  12 \r\nContent-Length: 2\r\n\r\nno"])
    assert answer == Answer(429, {"retry-after": "12", "content-length": "2"}, b"no")


def test_words_that_nobody_asked_for_are_not_taken_for_the_next_answer() -> None:
    forged = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
    answers, connections = _talk(
        [b"HTTP/1.1 201 C\r\nContent-Length: 0\r\n\r\n"], requests=2, afterwards=forged
    )
    assert [answer.status for answer in answers] == [201, 201]
    assert connections == 2


def _talk(
    pieces: list[bytes], *, requests: int = 1, hangs_up: bool = False, afterwards: bytes = b""
) -> tuple[list[Answer], int]:
    """Ask a server that answers each request with these pieces; the answers, and how many connections it took."""
    opened: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(1)
        with suppress(ConnectionError):
            while await reader.read(4096):
                for piece in pieces:
                    writer.write(piece)
                    await asyncio.sleep(0.005)
                writer.write(afterwards)
                if hangs_up:
                    break
        writer.close()

    async def ask() -> list[Answer]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        connections = Connections(
            ssl.create_default_context(), frozenset({f"127.0.0.1:{port}"}), most_idle=4, timeout=5.0
        )
        answers = []
        try:
            for _ in range(requests):
                answers.append(await connections.post(Origin("http", "127.0.0.1", port), REQUEST))
                await asyncio.sleep(0.02)
        finally:
            await connections.close()
            server.close()
            await asyncio.sleep(0.02)
        return answers

    return asyncio.run(ask()), len(opened)
