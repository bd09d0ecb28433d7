"""Web push: encrypt for each device (RFC 8291), sign for its push service (RFC 8292), and post (RFC 8030)."""

import asyncio
import re
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.gateways.push_answers import PushResult, read_answer
from app.gateways.push_connections import Connections, NotPublic
from app.gateways.push_encryption import encrypt
from app.gateways.push_endpoints import EndpointRefused, Origin, split_endpoint
from app.gateways.vapid import VapidKeys

#: Of what a push service says beside the status, this much is kept for the log.
LONGEST_DETAIL: Final = 300
URGENCIES: Final = frozenset({"very-low", "low", "normal", "high"})

_TOPIC = re.compile(r"[A-Za-z0-9_-]{0,32}")


@dataclass(frozen=True, slots=True)
class PushMessage:
    """One message to one device. `id` is the sender's own; `ttl` in seconds: how long the service keeps it for a
    phone that is off (0 drops it); `urgency`: very-low, low, normal or high; `topic`: a newer one replaces it."""

    id: int
    endpoint: str
    p256dh: str
    auth: str
    payload: bytes
    ttl: int
    urgency: str = "normal"
    topic: str | None = None

    def __post_init__(self) -> None:
        # These two stand in headers as they are.
        if self.urgency not in URGENCIES or not _TOPIC.fullmatch(self.topic or ""):
            raise ValueError("Urgency or topic is not as RFC 8030 wants it.")


def deliver(
    messages: Iterable[PushMessage],
    *,
    vapid: VapidKeys,
    concurrency: int = 128,
    timeout: float = 10.0,
    extra_hosts: frozenset[str] = frozenset(),
    ca_bundle: Path | None = None,
    on_result: Callable[[PushResult], None] | None = None,
) -> list[PushResult]:
    """`send_many` for code that is not asynchronous."""
    sending = send_many(
        messages,
        vapid=vapid,
        concurrency=concurrency,
        timeout=timeout,
        extra_hosts=extra_hosts,
        ca_bundle=ca_bundle,
        on_result=on_result,
    )
    return asyncio.run(sending)


async def send_many(
    messages: Iterable[PushMessage],
    *,
    vapid: VapidKeys,
    concurrency: int = 128,
    timeout: float = 10.0,
    extra_hosts: frozenset[str] = frozenset(),
    ca_bundle: Path | None = None,
    on_result: Callable[[PushResult], None] | None = None,
) -> list[PushResult]:
    """Send the messages, at most `concurrency` at a time, and say what became of each, in the order of the answers.

    `messages` is read as places become free, so a generator may fetch them in portions and the connections stay open
    between these. `on_result` is told of each result at once. What a push service does never raises; what `messages`
    or `on_result` raise is raised here, once the messages under way have their results. `timeout` is in seconds, for
    connecting and again for each answer. `ca_bundle` replaces the system's certificate authorities.
    """
    results: list[PushResult] = []
    failed = False

    async def work() -> None:
        nonlocal failed
        try:
            for message in queue:
                result = await sender.send(message)
                results.append(result)
                if on_result:
                    on_result(result)
                if failed:
                    break
        except BaseException:
            failed = True
            raise

    queue = iter(messages)
    tls = ssl.create_default_context(cafile=ca_bundle)
    connections = Connections(tls, extra_hosts, most_idle=concurrency, timeout=timeout)
    sender = _Sender(connections, vapid, extra_hosts)
    try:
        # After a failure the others finish what is under way: it may have arrived, and then its result must be told.
        endings = await asyncio.gather(*(work() for _ in range(concurrency)), return_exceptions=True)
    finally:
        await connections.close()
    if error := next(filter(None, endings), None):
        raise error
    return results


class _Sender:
    """Sends one message at a time over shared connections."""

    def __init__(self, connections: Connections, vapid: VapidKeys, extra_hosts: frozenset[str]) -> None:
        self._connections = connections
        self._vapid = vapid
        self._extra_hosts = extra_hosts
        self._names: dict[Origin, tuple[str, str]] = {}

    async def send(self, message: PushMessage) -> PushResult:
        try:
            origin, target = split_endpoint(message.endpoint, self._extra_hosts)
            body = encrypt(message.payload, p256dh=message.p256dh, auth=message.auth)
        except EndpointRefused as refused:
            return PushResult(message.id, "refused", detail=refused.reason)
        except ValueError as error:
            return PushResult(message.id, "refused", detail=f"The message cannot be encrypted: {error}")
        request = self._head(message, origin, target, len(body)) + body
        try:
            answer = await self._connections.post(origin, request)
        except NotPublic as refused:
            return PushResult(message.id, "refused", detail=str(refused))
        except OSError as error:
            return PushResult(message.id, "retry", detail=_detail(str(error)))
        except ValueError as error:
            # A name that the endpoint's check lets pass may still be none to the resolver or to TLS.
            return PushResult(message.id, "refused", detail=_detail(str(error)))
        said = "" if answer.status == 201 else _detail(answer.body.decode("utf-8", "replace"))
        return read_answer(message.id, answer.status, answer.headers.get("retry-after"), said)

    def _head(self, message: PushMessage, origin: Origin, target: str, length: int) -> bytes:
        names = self._names.get(origin)
        if names is None:
            names = self._names[origin] = (str(origin), str(origin).partition("//")[2])
        name, host = names
        topic = f"Topic: {message.topic}\r\n" if message.topic else ""
        return (
            f"POST {target} HTTP/1.1\r\n"
            f"Host: {host}\r\n"
            f"Authorization: {self._vapid.authorization(name)}\r\n"
            "Content-Type: application/octet-stream\r\n"
            "Content-Encoding: aes128gcm\r\n"
            f"Content-Length: {length}\r\n"
            f"TTL: {message.ttl}\r\n"
            f"Urgency: {message.urgency}\r\n"
            f"{topic}\r\n"
        ).encode("ascii")


def _detail(text: str) -> str:
    return " ".join(text.split())[:LONGEST_DETAIL]
