"""Web push: encrypt for each device (RFC 8291), sign for its push service (RFC 8292), and post (RFC 8030)."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.gateways.push.answers import PushResult, read_answer
from app.gateways.push.encryption import encrypt
from app.gateways.push.endpoints import EndpointRefused, split_endpoint
from app.gateways.push.http import Ending, Posts
from app.gateways.push.vapid import VapidKeys
from app.text import foreign

#: Messages under way at the same time, unless the caller wants fewer. With fewer, we idle while a push service takes
#: 50 ms to answer.
IN_FLIGHT: Final = 256
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
        # These two are put into headers unchanged.
        if self.urgency not in URGENCIES or not _TOPIC.fullmatch(self.topic or ""):
            raise ValueError("Urgency or topic is not as RFC 8030 wants it.")


def deliver(
    messages: Iterable[PushMessage],
    *,
    vapid: VapidKeys,
    concurrency: int = IN_FLIGHT,
    timeout: float = 10.0,
    extra_hosts: frozenset[str] = frozenset(),
    ca_bundle: Path | None = None,
    on_result: Callable[[PushResult], None] | None = None,
) -> list[PushResult]:
    """Send the messages, at most `concurrency` at a time, and say what became of each, in the order of the answers.

    `messages` is read as places become free, so a generator may fetch them in portions while the connections stay open.
    `on_result` is called with each result before the next message is read. Nothing that a message is or a push service
    does raises an error; what `messages` or `on_result` raise is raised here, once the messages under way have their
    results.
    `timeout` is in seconds, for one message from connecting to its answer. `ca_bundle` replaces the system's
    certificate authorities.
    """
    results: list[PushResult] = []

    def note(result: PushResult) -> None:
        results.append(result)
        if on_result:
            on_result(result)

    with Posts(concurrency, timeout=timeout, extra_hosts=extra_hosts, ca_bundle=ca_bundle) as posts:
        try:
            for message in messages:
                if refusal := _start(message, posts, vapid, extra_hosts):
                    note(refusal)
                while posts.full:
                    note(_result(posts.next_ending()))
            while posts.open:
                note(_result(posts.next_ending()))
        except BaseException:
            # Messages under way may have arrived, so their results must be reported.
            for _ in range(posts.open):
                with suppress(Exception):
                    note(_result(posts.next_ending()))
            raise
    return results


def _start(
    message: PushMessage, posts: Posts, vapid: VapidKeys, extra_hosts: frozenset[str]
) -> PushResult | None:
    """Start sending the message, or return why it cannot be sent."""
    try:
        origin, target = split_endpoint(message.endpoint, extra_hosts)
        body = _encrypted(message)
        headers = _headers(message, vapid.authorization(str(origin)))
        posts.start(message.id, origin, target, headers, body)
    except EndpointRefused as error:
        return PushResult(message.id, "refused", detail=error.reason)
    except _NotEncrypted as error:
        return PushResult(message.id, "refused", detail=foreign(str(error)))
    except Exception as error:
        # A case that nobody has thought of must not stop the messages after it.
        return PushResult(message.id, "ours", detail=foreign(f"{type(error).__name__}: {error}"))
    return None


class _NotEncrypted(ValueError):
    """There is no encrypting this message for this device."""


def _encrypted(message: PushMessage) -> bytes:
    try:
        return encrypt(message.payload, p256dh=message.p256dh, auth=message.auth)
    except ValueError as error:
        raise _NotEncrypted(f"The message cannot be encrypted: {error}") from error


def _headers(message: PushMessage, authorization: str) -> list[str]:
    headers = [
        f"Authorization: {authorization}",
        "Content-Type: application/octet-stream",
        "Content-Encoding: aes128gcm",
        f"TTL: {message.ttl}",
        f"Urgency: {message.urgency}",
    ]
    return [*headers, f"Topic: {message.topic}"] if message.topic else headers


def _result(ending: Ending) -> PushResult:
    if ending.status is None:
        return PushResult(
            ending.id, "refused" if ending.hopeless else "retry", detail=foreign(ending.problem)
        )
    body = b"" if ending.status == 201 else ending.body
    detail = foreign(b" ".join(filter(None, (ending.reasons, body))))
    return read_answer(ending.id, ending.status, ending.retry_after, detail)
