"""Runs gunicorn with two sync workers for as long as a benchmark needs it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep


@contextmanager
def gunicorn(app: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve `module:callable` and give the port."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "2",
        "--worker-class",
        "sync",
        "--log-level",
        "error",
    ]
    server = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", app], env={**os.environ, **environment}
    )
    try:
        _await(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("The server did not start.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                sleep(1)  # both workers have imported the application by then
                return
        sleep(0.1)
    raise RuntimeError("The server did not listen within 30 seconds.")
