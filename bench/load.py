"""Sends requests to a server on this machine, with so little work of its own that only the server is measured."""

import selectors
import socket
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Load:
    """The result of a burst of requests."""

    rate: float
    #: Milliseconds.
    median: float
    body_bytes: int


def burst(port: int, path: str, *, cookie: str = "", count: int, connections: int = 16) -> Load:
    """Request the path `count` times, `connections` at a time, each on its own connection, as gunicorn's sync workers
    need it. Raises when an answer is not 200."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"{f'Cookie: {cookie}' + chr(13) + chr(10) if cookie else ''}\r\n"
    ).encode()
    selector = selectors.DefaultSelector()
    times: list[float] = []
    size = started = 0
    begin = perf_counter()

    def open_one() -> None:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(request)
        selector.register(connection, selectors.EVENT_READ, [perf_counter(), bytearray()])

    for _ in range(min(connections, count)):
        open_one()
        started += 1
    while len(times) < count:
        for key, _events in selector.select(10):
            connection: socket.socket = key.fileobj  # type: ignore[assignment]
            since, received = key.data
            chunk = connection.recv(262_144)
            if chunk:
                received += chunk
                continue
            selector.unregister(connection)
            connection.close()
            if not received.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{path} answered {bytes(received[:200])!r}")
            times.append(perf_counter() - since)
            size = len(received) - received.index(b"\r\n\r\n") - 4
            if started < count:
                open_one()
                started += 1
    return Load(count / (perf_counter() - begin), median(times) * 1000, size)
