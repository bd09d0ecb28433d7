"""POSTs to push services, many at once over few connections, by libcurl, restricted to what a push needs.

An endpoint is the user's input, so libcurl must not do what it would do otherwise: follow redirects, take a proxy from
the environment, read an answer of any length, or connect to an address that is not on the public internet.
"""

import socket
import ssl
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pycurl

from app.gateways.push.endpoints import Origin, is_public

#: How much of an answer's body is read; an endpoint may send without end.
LONGEST_ANSWER: Final = 16 * 1024

_RETRY_AFTER: Final = b"retry-after:"
#: Windows' push service gives its reasons in headers of this kind; these two only number the answer.
_REASON: Final = b"x-wns-"
_NUMBERS: Final = (b"x-wns-msg-id:", b"x-wns-debug-trace:")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a POST ended: with a push service's answer, or with a `problem` when there is no `status`.

    `hopeless`: the address itself is wrong, so trying again is useless. `reasons` are the headers that give some.
    """

    id: int
    status: int | None = None
    retry_after: str | None = None
    body: bytes = b""
    problem: str = ""
    hopeless: bool = False
    reasons: bytes = b""


class Posts:
    """At most `most` POSTs at a time. All that are started go on while one waits for the next ending."""

    def __init__(
        self, most: int, *, timeout: float, extra_hosts: frozenset[str], ca_bundle: Path | None
    ) -> None:
        """`timeout`: seconds for a whole POST; `extra_hosts`: `host:port` pairs that may be private;
        `ca_bundle` replaces the system's certificate authorities."""
        self._most = most
        self._timeout = timeout
        self._extra_hosts = extra_hosts
        self._ca_bundle = ca_bundle
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, most)
        self._idle: list[_Transfer] = []
        self._under_way: dict[pycurl.Curl, _Transfer] = {}
        self._endings: deque[Ending] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transfer in self._under_way.values():
            self._multi.remove_handle(transfer.curl)
        for transfer in (*self._under_way.values(), *self._idle):
            transfer.curl.close()
        self._multi.close()

    @property
    def open(self) -> int:
        """POSTs whose ending has not been taken yet."""
        return len(self._under_way) + len(self._endings)

    @property
    def full(self) -> bool:
        return self.open >= self._most

    def start(self, id: int, origin: Origin, target: str, headers: list[str], body: bytes) -> None:
        """POST `body` to `target`, a checked endpoint's path and query."""
        transfer = self._idle.pop() if self._idle else _Transfer(self._timeout, self._ca_bundle)
        transfer.prepare(id, f"{origin}{target}", headers, body, origin.authority in self._extra_hosts)
        # In this order, so that what cannot be started is not waited for.
        self._multi.add_handle(transfer.curl)
        self._under_way[transfer.curl] = transfer

    def next_ending(self) -> Ending:
        """Wait for the next POST that ends; only when `open` is not 0."""
        while not self._endings:
            self._multi.perform()
            self._collect()
            if not self._endings:
                self._multi.select(self._patience())
        return self._endings.popleft()

    def _patience(self) -> float:
        """Seconds until libcurl wants to run again for its timeouts, even if no socket is ready."""
        milliseconds = self._multi.timeout()
        return milliseconds / 1000 if milliseconds >= 0 else 1.0

    def _collect(self) -> None:
        more = 1
        while more:
            more, finished, failed = self._multi.info_read()
            for curl in finished:
                self._end(curl)
            for curl, code, message in failed:
                self._end(curl, code, message)

    def _end(self, curl: pycurl.Curl, code: int = pycurl.E_OK, message: str = "") -> None:
        transfer = self._under_way.pop(curl)
        self._multi.remove_handle(curl)
        self._endings.append(transfer.ending(code, message))
        self._idle.append(transfer)


class _Transfer:
    """One of libcurl's easy handles, which takes one POST after another."""

    def __init__(self, timeout: float, ca_bundle: Path | None) -> None:
        self.curl = curl = pycurl.Curl()
        self._id = 0
        self._trusted = False
        self._not_public = False
        self._headers: list[bytes] = []
        self._body = b""
        for option, value in _authorities(ca_bundle):
            curl.setopt(option, value)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.TIMEOUT_MS, int(timeout * 1000))
        curl.setopt(pycurl.FOLLOWLOCATION, 0)
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS | pycurl.PROTO_HTTP)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        curl.setopt(pycurl.HEADERFUNCTION, self._headers.append)
        curl.setopt(pycurl.WRITEFUNCTION, self._append_to_body)

    def prepare(self, id: int, url: str, headers: list[str], body: bytes, trusted: bool) -> None:
        self._id = id
        self._trusted = trusted
        self._not_public = False
        self._headers.clear()
        self._body = b""
        self.curl.setopt(pycurl.URL, url)
        self.curl.setopt(pycurl.HTTPHEADER, headers)
        self.curl.setopt(pycurl.POSTFIELDS, body)

    def ending(self, code: int, message: str) -> Ending:
        # An answer that is too long to be read whole (E_WRITE_ERROR) is still an answer.
        if code in {pycurl.E_OK, pycurl.E_WRITE_ERROR}:
            status = self.curl.getinfo(pycurl.RESPONSE_CODE)
            return Ending(self._id, status, self._retry_after(), self._body, reasons=self._reasons())
        if self._not_public:
            return Ending(
                self._id, problem="The name leads to no address on the public internet.", hopeless=True
            )
        return Ending(self._id, problem=message, hopeless=code == pycurl.E_URL_MALFORMAT)

    def _open_socket(self, _purpose: int, address: "pycurl.CurlSockAddr") -> socket.socket | int:
        # Checked at the moment of connecting: a name may lead to another address now than when the endpoint was saved
        # (DNS rebinding).
        if not self._trusted and not is_public(str(address.addr[0]).partition("%")[0]):
            self._not_public = True
            return pycurl.SOCKET_BAD
        return socket.socket(address.family, address.socktype, address.protocol)

    def _append_to_body(self, data: bytes) -> int:
        room = LONGEST_ANSWER - len(self._body)
        self._body += data[:room]
        return len(data) if len(data) <= room else 0

    def _retry_after(self) -> str | None:
        # libcurl's own value is never above six hours.
        for line in self._headers:
            if line[: len(_RETRY_AFTER)].lower() == _RETRY_AFTER:
                return line[len(_RETRY_AFTER) :].decode("latin-1").strip()
        return None

    def _reasons(self) -> bytes:
        reasons = (line.strip() for line in self._headers if line[: len(_REASON)].lower() == _REASON)
        return b"; ".join(reason for reason in reasons if not reason.lower().startswith(_NUMBERS))


def _authorities(ca_bundle: Path | None) -> list[tuple[int, str]]:
    if ca_bundle:
        return [(pycurl.CAINFO, str(ca_bundle))]
    # The ones that Python trusts: the libcurl in pycurl's wheel does not know where this system keeps them.
    system = ssl.get_default_verify_paths()
    options = ((pycurl.CAINFO, system.cafile), (pycurl.CAPATH, system.capath))
    return [(option, path) for option, path in options if path]
