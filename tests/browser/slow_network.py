"""A network between phones and the installation, as slow as a test wishes: what it holds comes when it is let go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Self

_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}
_LONGEST_WAIT = 30


class SlowNetwork:
    """`held("/")` holds what is asked there; `held("POST /x", answers=True)` lets the question through first.

    Everything is named "METHOD /path"; without a method it is GET.
    """

    def __init__(self, port: int) -> None:
        self.server_port = port
        self._changed = Condition()
        self._held: dict[str, bool] = {}
        self._waiting: list[str] = []
        self._is_cut: set[str] = set()

    def start(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}"

    def hold(self, name: str, *, answers: bool = False) -> None:
        """From now on; with `answers` the installation hears the question, and only its answer is held."""
        with self._changed:
            self._held[_named(name)] = answers
            self._is_cut.discard(_named(name))

    def release(self, name: str | None = None, *, cut: bool = False) -> None:
        """Let go what is held under that name, or everything; `cut` breaks these connections instead."""
        with self._changed:
            names = [_named(name)] if name else list(self._held)
            for one in names:
                self._held.pop(one, None)
            self._is_cut |= set(names) & set(self._waiting) if cut else set()
            self._changed.notify_all()

    def await_question(self, name: str) -> None:
        """Until somebody is being held there."""
        with self._changed:
            assert self._changed.wait_for(lambda: _named(name) in self._waiting, _LONGEST_WAIT), name

    def passes(self, name: str, *, answer: bool) -> bool:
        """For the server's threads: wait as long as that is held; false when the connection has been cut."""
        with self._changed:
            if self._held.get(name) is not answer:
                return True
            self._waiting.append(name)
            self._changed.notify_all()
            self._changed.wait_for(lambda: name not in self._held, 4 * _LONGEST_WAIT)
            self._waiting.remove(name)
            return name not in self._is_cut


@contextmanager
def slow_network(port: int) -> Iterator[SlowNetwork]:
    network = SlowNetwork(port).start()
    try:
        yield network
    finally:
        network.stop()


def _named(name: str) -> str:
    return name if " " in name else f"GET {name}"


def _handler(network: SlowNetwork) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            name = f"{self.command} {self.path}"
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if not network.passes(name, answer=False):
                return self.hang_up()
            upstream = HTTPConnection("127.0.0.1", network.server_port, timeout=60)
            upstream.request(self.command, self.path, body or None, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
            upstream.close()
            if not network.passes(name, answer=True):
                return self.hang_up()
            return self.give(answer.status, answer.getheaders(), content)

        def give(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response_only(status)
            for key, value in headers:
                if key.lower() not in _OF_THE_CONNECTION:
                    self.send_header(key, value)
            if status not in (204, 304):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def hang_up(self) -> None:
            self.close_connection = True

        do_GET = do_POST = do_DELETE = forward  # noqa: N815  the names that the library looks for

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

        def handle(self) -> None:
            quietly(super().handle)

    return Handler


def quietly(work: Callable[[], None]) -> None:
    """A phone that hangs up is no fault of the network's."""
    try:
        work()
    except (ConnectionError, BrokenPipeError):
        return
