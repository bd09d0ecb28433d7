"""A Redis that knows just what limits ask of it, and can be stopped and started."""

import socket
import socketserver
import threading
from contextlib import suppress
from typing import Any


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        redis: RedisServer = self.server.redis  # type: ignore[attr-defined]
        redis.connections.append(self.connection)
        while command := self._read():
            self.wfile.write(b"?!\r\n" if redis.nonsense else redis.answer(command))

    def _read(self) -> list[str]:
        try:
            head = self.rfile.readline()
            return [self._text() for _ in range(int(head[1:] or 0))]
        except (OSError, ValueError):
            return []

    def _text(self) -> str:
        size = int(self.rfile.readline()[1:])
        return self.rfile.read(size + 2)[:-2].decode()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class RedisServer:
    def __init__(self, nonsense: bool = False) -> None:
        self.nonsense = nonsense
        self.counts: dict[str, int] = {}
        self.connections: list[socket.socket] = []
        self.port = 0

    def __enter__(self) -> "RedisServer":
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def start(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _Conversation)
        self._server.redis = self  # type: ignore[attr-defined]
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for connection in self.connections:
            with suppress(OSError):  # the client has gone already
                connection.shutdown(socket.SHUT_RDWR)
        self.connections.clear()

    def answer(self, command: list[str]) -> bytes:
        name = command[0].upper()
        if name == "EVALSHA":  # count a key: sha, number of keys, key, seconds, amount
            key, amount = command[3], int(command[5])
            self.counts[key] = self.counts.get(key, 0) + amount
            return b":%d\r\n" % self.counts[key]
        if name == "GET":
            text = str(self.counts.get(command[1], 0)).encode()
            return b"$%d\r\n%s\r\n" % (len(text), text)
        if name == "TTL":
            return b":60\r\n"
        if name in {"PING", "CLIENT", "SELECT"}:
            return b"+OK\r\n"
        return b"-ERR unknown command\r\n"
