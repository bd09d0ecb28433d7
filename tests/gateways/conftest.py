"""The far ends that the gateways' tests talk to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.gateways.push.vapid import VapidKeys, generate_private_key
from app.gateways.push.webpush import PushMessage, PushResult, deliver
from tests.push_device import Device
from tests.push_service import PushService

Send = Callable[..., list[PushResult]]


@pytest.fixture(scope="session")
def vapid() -> VapidKeys:
    return VapidKeys.load(generate_private_key(), "mailto:it@example.se")


@pytest.fixture
def push_service(tmp_path: Path) -> Iterator[PushService]:
    """A push service that speaks TLS, as real ones do."""
    with PushService(tls=tmp_path / "tls") as service:
        yield service


@pytest.fixture
def send(push_service: PushService, vapid: VapidKeys) -> Send:
    """Send messages to the push service; its certificate is trusted and its address allowed."""

    def send(*messages: PushMessage, **options: Any) -> list[PushResult]:
        allowed: dict[str, Any] = {
            "extra_hosts": frozenset({push_service.authority}),
            "ca_bundle": push_service.certificate,
            "timeout": 5.0,
        }
        return deliver(messages, vapid=vapid, **(allowed | options))

    return send


def message(device: Device, payload: bytes = b"Hej!", **changes: Any) -> PushMessage:
    """A message to the device."""
    usual: dict[str, Any] = {"id": 1, "ttl": 3600}
    keys = {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth}
    return PushMessage(payload=payload, **(usual | keys | changes))
