"""Answers as push services, good and bad, may write them, over plain connections."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from app.gateways.push.endpoints import Origin
from app.gateways.push.http import LONGEST_ANSWER, Ending, Posts

pytestmark = pytest.mark.house  # needs no database

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("pieces", "status", "kept"),
    [
        ([CREATED], 201, True),
        ([b"HTTP/1.1 201\r\nContent-Length: 0\r\n\r\n"], 201, True),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, True),
        ([b"HTTP/1.1 2", b"01 Created\r\nContent-Le", b"ngth: 4\r\n\r\nab", b"cd"], 201, True),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", CREATED], 201, True),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"0\r\n\r\n"], 200, True),
        ([b"HTTP/1.1 201 C\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n"], 201, False),
        ([b"HTTP/1.0 201 C\r\nContent-Length: 0\r\n\r\n"], 201, False),
        ([b"HTTP/1.1 500 E\r\nContent-Length: 99999999\r\n\r\n", b"x" * 2 * LONGEST_ANSWER], 500, False),
    ],
)  # fmt: skip
def test_an_answer_is_understood_and_the_connection_kept_when_it_is_clean(
    pieces: list[bytes], status: int, kept: bool
) -> None:
    with _Service(pieces) as service:
        endings = service.ask(times=2)
    assert [ending.status for ending in endings] == [status, status]
    assert service.connections == (1 if kept else 2)


@pytest.mark.parametrize(
    "pieces",
    [
        [b"SSH-2.0-OpenSSH_9.6\r\n\r\n"], [b"x" * 20_000], [b"HTTP/1.1 201"], [b"\r\n\r\n"], [b""],
        [b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"],
    ],
)  # fmt: skip
def test_what_is_no_answer_is_worth_another_try(pieces: list[bytes]) -> None:
    with _Service(pieces, hangs_up=True) as service:
        [ending] = service.ask()
    assert ending.status is None
    assert ending.problem
    assert not ending.hopeless


def test_no_more_of_an_answer_is_read_than_the_log_could_use() -> None:
    with _Service([b"HTTP/1.1 403 No\r\n\r\n", b"x" * 10 * LONGEST_ANSWER], hangs_up=True) as service:
        [ending] = service.ask()
    assert (ending.status, ending.body) == (403, b"x" * LONGEST_ANSWER)


@pytest.mark.parametrize("wait", ["120", "900000", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_what_a_service_asks_for_is_told_as_it_stands(wait: str) -> None:
    with _Service(
        [f"HTTP/1.1 429 Slow\r\nRETRY-after:  {wait} \r\nContent-Length: 0\r\n\r\n".encode()]
    ) as service:
        first, second = service.ask(times=2)
    assert (first.retry_after, second.retry_after) == (wait, wait)


def test_nothing_of_one_answer_stays_for_the_next() -> None:
    with (
        _Service([b"HTTP/1.1 429 Slow\r\nRetry-After: 9\r\nContent-Length: 2\r\n\r\nno"]) as service,
        service.posts() as posts,
    ):
        first = service.post(posts)
        service.pieces = [CREATED]
        second = service.post(posts)
    assert first == Ending(1, 429, "9", b"no")
    assert second == Ending(1, 201)


def test_a_connection_that_was_closed_in_the_meantime_is_made_anew() -> None:
    with _Service([CREATED], hangs_up=True) as service:
        endings = service.ask(times=3, pause=0.05)
    assert [ending.status for ending in endings] == [201, 201, 201]
    assert service.connections == 3


def test_an_answer_that_trickles_in_does_not_hold_for_ever() -> None:
    began = time.monotonic()
    with _Service([b"HTTP/1.1 201 Created\r\n", *[b"X: y\r\n"] * 200], pause=0.02) as service:
        [ending] = service.ask(timeout=0.3)
    assert "timed out" in ending.problem
    assert time.monotonic() - began < 2


def test_no_proxy_of_the_environment_sees_a_push(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with _Service([CREATED]) as service:
        [ending] = service.ask()
    assert ending.status == 201


class _Service:
    """Answers each request with these pieces; counts its connections."""

    def __init__(self, pieces: list[bytes], *, hangs_up: bool = False, pause: float = 0.002) -> None:
        self.pieces = pieces
        self.connections = 0
        self._hangs_up = hangs_up
        self._pause = pause
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]

    def __enter__(self) -> "_Service":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def ask(self, *, times: int = 1, timeout: float = 5.0, pause: float = 0.0) -> list[Ending]:
        """Post so many times, one after the other."""
        with self.posts(timeout) as posts:
            return [self.post(posts, pause) for _ in range(times)]

    @contextmanager
    def posts(self, timeout: float = 5.0) -> Iterator[Posts]:
        trusted = frozenset({f"127.0.0.1:{self._port}"})
        with Posts(4, timeout=timeout, extra_hosts=trusted, ca_bundle=None) as posts:
            yield posts

    def post(self, posts: Posts, pause: float = 0.0) -> Ending:
        posts.start(1, Origin("http", "127.0.0.1", self._port), "/x", ["TTL: 60"], b"body")
        ending = posts.next_ending()
        time.sleep(pause)
        return ending

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(4096):
                for piece in self.pieces:
                    connection.sendall(piece)
                    time.sleep(self._pause)
                if self._hangs_up:
                    return
