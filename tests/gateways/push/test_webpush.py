"""Pushes against a real push service on loopback: real TLS, real encryption, real signatures."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycurl
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app import clock
from app.gateways.push.endpoints import EndpointRefused
from app.gateways.push.http import Posts
from app.gateways.push.vapid import VapidKeys
from app.gateways.push.webpush import PushMessage, PushResult, deliver
from tests.gateways.conftest import Send, message
from tests.push_service import PushService

pytestmark = pytest.mark.house  # needs no database

MESSAGE = "Etapp 2 öppnar på måndag 🔥".encode()


def test_the_device_reads_the_message_and_nobody_else(push_service: PushService, send: Send) -> None:
    device, other = push_service.device("anna"), push_service.device("bo")
    assert send(message(device, MESSAGE)) == [PushResult(1, "delivered", 201)]
    [received] = push_service.received
    assert device.decrypt(received.body) == MESSAGE
    with pytest.raises(Exception, match="Decryption error"):
        other.decrypt(received.body)


def test_the_request_says_what_rfc_8030_asks_for(push_service: PushService, send: Send) -> None:
    device = push_service.device("anna?token=å".replace("å", "%C3%A5"))
    send(message(device, ttl=600, urgency="high", topic="stage-2"))
    [received] = push_service.received
    assert (received.method, received.path) == ("POST", "/201/anna?token=%C3%A5")
    assert received.headers["host"] == push_service.authority
    assert received.headers["ttl"] == "600"
    assert received.headers["urgency"] == "high"
    assert received.headers["topic"] == "stage-2"
    assert received.headers["content-encoding"] == "aes128gcm"


def test_the_token_verifies_and_names_audience_expiry_and_subject(
    push_service: PushService, send: Send, vapid: VapidKeys
) -> None:
    send(message(push_service.device()))
    found = re.fullmatch(
        r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+),k=([\w-]+)", push_service.received[0].headers["authorization"]
    )
    assert found
    head, claims, signature, key = found.groups()
    assert key == vapid.application_server_key
    raw = _bytes(signature)
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key)).verify(
        encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
        f"{head}.{claims}".encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    said = json.loads(_bytes(claims))
    assert said["aud"] == push_service.origin
    assert said["sub"] == "mailto:it@example.se"
    assert 3600 < said["exp"] - clock.now().timestamp() < 24 * 3600


def test_a_service_that_never_answers_is_tried_again_later(push_service: PushService, send: Send) -> None:
    [result] = send(message(push_service.device(answers="silence")), timeout=0.3)
    assert (result.kind, result.status) == ("retry", None)
    assert "timed out" in result.detail


def test_a_service_that_hangs_up_is_tried_again_later(push_service: PushService, send: Send) -> None:
    [result] = send(message(push_service.device(answers="hangup")))
    assert (result.kind, result.status) == ("retry", None)
    assert result.detail


def test_a_service_that_is_not_there_is_tried_again_later(vapid: VapidKeys, tmp_path: Path) -> None:
    with PushService() as gone:
        device = gone.device()
    [result] = deliver([message(device)], vapid=vapid, extra_hosts=frozenset({gone.authority}))
    assert result.kind == "retry"


def test_an_unknown_certificate_is_not_trusted(push_service: PushService, send: Send) -> None:
    [result] = send(message(push_service.device()), ca_bundle=None)
    assert result.kind == "retry"
    assert push_service.received == []


def test_a_private_address_is_refused_unless_it_is_allowed(push_service: PushService, send: Send) -> None:
    [result] = send(message(push_service.device()), extra_hosts=frozenset())
    assert result.kind == "refused"
    assert push_service.connections == 0


def test_a_name_that_leads_home_is_refused_when_it_is_connected_to(
    push_service: PushService, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The name passes the look at its text; the address behind it has been turned to loopback since (DNS rebinding).
    turned = pycurl.Curl()
    turned.setopt(pycurl.RESOLVE, ["push.rebound.example.com:443:127.0.0.1,[::1],[::ffff:10.0.0.1]"])
    monkeypatch.setattr("app.gateways.push.http.pycurl.Curl", turned.duphandle)
    device = push_service.device()
    [result] = send(
        PushMessage(1, "https://push.rebound.example.com/x", device.p256dh, device.auth, b"x", 60)
    )
    assert result.kind == "refused"
    assert "public" in result.detail
    assert push_service.connections == 0


def test_keys_that_are_none_refuse_one_message_and_leave_the_others(
    push_service: PushService, send: Send
) -> None:
    good = push_service.device("good")
    off_curve = base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode()
    broken = [
        PushMessage(id, good.endpoint, p256dh, auth, b"x", 60)
        for id, (p256dh, auth) in enumerate(
            [("", ""), ("åäö", good.auth), (off_curve, good.auth), (good.p256dh, "AA")]
        )
    ]
    results = send(*broken, message(good, b"x" * 4000, id=8), message(good, id=9))
    assert {result.id: result.kind for result in results} == dict.fromkeys((0, 1, 2, 3, 8), "refused") | {
        9: "delivered"
    }


def test_the_largest_message_fits(push_service: PushService, send: Send) -> None:
    device = push_service.device()
    assert send(message(device, b"x" * 3993))[0].kind == "delivered"
    assert len(push_service.received[0].body) == 4096
    assert device.decrypt(push_service.received[0].body) == b"x" * 3993


def test_many_messages_share_few_connections_and_one_signature(push_service: PushService, send: Send) -> None:
    devices = [push_service.device(f"d{number}") for number in range(200)]
    results = send(*(message(device, id=number) for number, device in enumerate(devices)), concurrency=8)
    assert sorted(result.id for result in results) == list(range(200))
    assert {result.kind for result in results} == {"delivered"}
    assert push_service.connections == 8
    assert len({received.headers["authorization"] for received in push_service.received}) == 1
    bodies = {received.path: received.body for received in push_service.received}
    assert all(device.decrypt(bodies[device.path]) == b"Hej!" for device in devices)


def test_a_slow_device_holds_up_no_other(push_service: PushService, send: Send) -> None:
    told: list[int] = []
    silent = push_service.device(answers="silence")
    others = [push_service.device(f"d{number}") for number in range(20)]
    send(
        message(silent, id=99),
        *(message(device, id=number) for number, device in enumerate(others)),
        concurrency=2,
        timeout=1.0,
        on_result=lambda result: told.append(result.id),
    )
    assert told == [*range(20), 99]


def test_messages_are_fetched_as_places_become_free(push_service: PushService, vapid: VapidKeys) -> None:
    device = push_service.device()
    ahead: list[int] = []

    def fetched() -> Iterator[PushMessage]:
        for number in range(50):
            ahead.append(number - push_service.count)
            yield message(device, id=number)

    deliver(
        fetched(),
        vapid=vapid,
        concurrency=4,
        extra_hosts=frozenset({push_service.authority}),
        ca_bundle=push_service.certificate,
    )
    assert max(ahead) <= 4


def test_what_the_caller_raises_ends_the_sending_but_loses_no_result(
    push_service: PushService, send: Send
) -> None:
    told: list[int] = []

    def full(result: PushResult) -> None:
        told.append(result.id)
        raise RuntimeError("the disk is full")

    messages = [message(push_service.device(), id=number) for number in range(40)]
    with pytest.raises(RuntimeError, match="disk"):
        send(*messages, on_result=full, concurrency=8)
    assert len(told) == push_service.count == 8


def test_nothing_to_send_is_no_error(send: Send) -> None:
    assert send() == []


@pytest.mark.parametrize(
    "changes", [{"topic": "a\r\nX: y"}, {"topic": "x" * 33}, {"urgency": "high\r\nX: y"}]
)
def test_no_header_can_be_smuggled_in(push_service: PushService, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="RFC 8030"):
        message(push_service.device(), **changes)


def test_what_breaks_with_one_message_stops_no_other(
    push_service: PushService, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = [push_service.device(name) for name in ("before", "poisoned", "after")]
    start = Posts.start

    def break_with_one(self: Posts, id: int, *request: Any) -> None:
        if id == 1:
            raise pycurl.error(pycurl.E_BAD_FUNCTION_ARGUMENT, "no such option")
        start(self, id, *request)

    monkeypatch.setattr(Posts, "start", break_with_one)
    results = {result.id: result for result in send(*(message(d, id=n) for n, d in enumerate(devices)))}
    assert [results[number].kind for number in range(3)] == ["delivered", "ours", "delivered"]
    assert results[1].detail == "error: (43, 'no such option')"


def test_an_endpoint_refused_gives_its_reason() -> None:
    assert EndpointRefused("Because.").reason == "Because."


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
