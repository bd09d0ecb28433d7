"""Subscribing, unsubscribing and trying whether a push arrives."""

import dataclasses
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.push.vapid import generate_private_key
from app.models.notification import Delivery, Kind, PushSubscription
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.services.notifications.notify import notify
from tests.cast import Cast
from tests.factories import NOW
from tests.push_device import Device
from tests.push_service import Answer, PushService
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
PHONE = Device("https://fcm.googleapis.com/fcm/send/abc")


@pytest.fixture
def push_service(push_service: PushService, app: Flask, monkeypatch: pytest.MonkeyPatch) -> PushService:
    """The push service, allowed to this installation, which has keys to sign for it."""
    settings = dataclasses.replace(
        app.config["SETTINGS"],
        push_extra_hosts=frozenset({push_service.authority}),
        vapid_private_key=generate_private_key(),
    )
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return push_service


def subscriptions() -> list[PushSubscription]:
    db.session.expire_all()
    return list(db.session.scalars(select(PushSubscription).order_by(PushSubscription.id)))


def subscribe(client: FlaskClient, device: Device) -> int:
    return client.post("/push/subscriptions", json=device.subscription()).status_code


def test_the_browsers_subscription_is_bound_to_person_and_device(cast: Cast, as_: As) -> None:
    assert subscribe(as_(cast.alice), PHONE) == 201
    (subscription,) = subscriptions()
    assert (subscription.person_id, subscription.endpoint) == (cast.alice.id, PHONE.endpoint)
    assert (subscription.p256dh, subscription.auth) == (PHONE.p256dh, PHONE.auth)
    device = db.session.get_one(DeviceSession, subscription.device_session_id)
    assert device.person_id == cast.alice.id


def test_the_same_again_changes_nothing(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert subscribe(alice, PHONE) == subscribe(alice, PHONE) == 201
    assert len(subscriptions()) == 1


def test_an_endpoint_goes_to_whoever_signs_in_there_next(cast: Cast, as_: As) -> None:
    subscribe(as_(cast.alice), PHONE)
    notify([cast.alice.id], Kind.CHEER, key="private", url="/", parameters={}, now=NOW)
    db.session.commit()
    subscribe(as_(cast.bob), PHONE)
    assert [subscription.person_id for subscription in subscriptions()] == [cast.bob.id]
    assert db.session.scalars(select(Delivery)).all() == []


def test_a_browser_with_a_new_endpoint_keeps_what_waits(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    subscribe(alice, PHONE)
    notify([cast.alice.id], Kind.CHEER, key="waits", url="/", parameters={}, now=NOW)
    db.session.commit()
    renewed = Device("https://fcm.googleapis.com/fcm/send/renewed")
    subscribe(alice, renewed)
    assert [subscription.endpoint for subscription in subscriptions()] == [renewed.endpoint]
    assert len(db.session.scalars(select(Delivery)).all()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://localhost/x"},
        {"endpoint": "https://[::1]/x"},
        {"endpoint": "https://2130706433/x"},
        {"endpoint": "https://fcm.googleapis.com:8443/x"},
        {"endpoint": 7},
        {"endpoint": None},
        {"keys": None},
        {"keys": {"p256dh": PHONE.p256dh}},
        {"keys": {"p256dh": PHONE.p256dh, "auth": "c2hvcnQ"}},
        {"keys": {"p256dh": "BAAA", "auth": PHONE.auth}},
        {"keys": {"p256dh": "B" + "A" * 86, "auth": PHONE.auth}},
        {"keys": {"p256dh": "å", "auth": PHONE.auth}},
    ],
)
def test_what_is_no_subscription_is_refused_with_a_reason(
    cast: Cast, as_: As, change: dict[str, object]
) -> None:
    answer = as_(cast.alice).post("/push/subscriptions", json=PHONE.subscription() | change)
    assert answer.status_code == 422
    assert answer.get_json()["error"]
    assert subscriptions() == []


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"'])
def test_a_body_that_is_no_object_is_refused(cast: Cast, as_: As, body: str) -> None:
    answer = as_(cast.alice).post("/push/subscriptions", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["error"]
    assert subscriptions() == []


def test_strangers_neither_subscribe_nor_unsubscribe_nor_try(
    push_service: PushService, cast: Cast, as_: As, client: FlaskClient
) -> None:
    browser = push_service.device()
    subscribe(as_(cast.alice), browser)
    with unchanged():
        assert client.post("/push/subscriptions", json=PHONE.subscription()).status_code == 401
        assert client.delete("/push/subscriptions", json={"endpoint": browser.endpoint}).status_code == 401
        assert client.post("/push/test", json={"endpoint": browser.endpoint}).status_code == 401
    assert push_service.received == []


def test_the_token_of_the_page_is_demanded(app: Flask, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        with unchanged():
            assert subscribe(alice, PHONE) == 400
        token = alice.get("/settings").get_data(True).split('name="csrf-token" content="')[1].split('"')[0]
        sent = alice.post("/push/subscriptions", json=PHONE.subscription(), headers={"X-CSRFToken": token})
        assert sent.status_code == 201
        assert [subscription.endpoint for subscription in subscriptions()] == [PHONE.endpoint]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_one_unsubscribes_ones_own_and_nobody_elses(cast: Cast, as_: As) -> None:
    alice, bob = as_(cast.alice), as_(cast.bob)
    subscribe(alice, PHONE)
    with unchanged():
        bob.delete("/push/subscriptions", json={"endpoint": PHONE.endpoint})
    assert alice.delete("/push/subscriptions", json={"endpoint": PHONE.endpoint}).status_code == 204
    assert subscriptions() == []
    assert alice.delete("/push/subscriptions", json={}).status_code == 422


@pytest.mark.parametrize("body", ['{"endpoint": "\\ud800"}', '{"endpoint": "\\u0000"}', "[" * 5000])
def test_what_no_endpoint_can_be_is_refused(cast: Cast, as_: As, body: str) -> None:
    alice, sent = as_(cast.alice), {"data": body, "content_type": "application/json"}
    subscribe(alice, PHONE)
    with unchanged():
        assert alice.delete("/push/subscriptions", **sent).status_code == 422
        assert alice.post("/push/subscriptions", **sent).status_code == 422


def test_a_test_arrives_at_once_and_says_so(push_service: PushService, cast: Cast, as_: As) -> None:
    alice, browser = as_(cast.alice), push_service.device()
    subscribe(alice, browser)
    answer = alice.post("/push/test", json={"endpoint": browser.endpoint})
    assert (answer.status_code, answer.get_json()["result"]) == (200, "delivered")
    payload = json.loads(browser.decrypt(push_service.received[0].body))
    assert (payload["title"], payload["tag"], payload["url"]) == ("Det fungerar", "test", "/settings")
    assert push_service.received[0].headers["ttl"] == "60"


def test_a_test_to_a_dead_device_says_so_and_forgets_it(
    push_service: PushService, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    subscribe(alice, push_service.device(answers="410"))
    answer = alice.post("/push/test", json={})
    assert (answer.status_code, answer.get_json()["result"]) == (422, "gone")
    assert subscriptions() == []


@pytest.mark.parametrize(("status", "result"), [(403, "refused"), (500, "retry")])
def test_a_test_that_fails_says_why(
    push_service: PushService, cast: Cast, as_: As, status: int, result: str
) -> None:
    alice, browser = as_(cast.alice), push_service.device()
    push_service.play(browser.path, Answer(status))
    subscribe(alice, browser)
    answer = alice.post("/push/test", json={})
    assert (answer.status_code, answer.get_json()["result"]) == (422, result)
    assert [subscription.endpoint for subscription in subscriptions()] == [browser.endpoint]


def test_without_a_script_the_test_answers_on_the_settings_page(
    push_service: PushService, cast: Cast, as_: As
) -> None:
    answer = as_(cast.alice).post("/push/test", follow_redirects=True)
    assert "Påminnelser är inte på för den här enheten." in answer.get_data(True)


def test_without_keys_the_test_says_that(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post("/push/test", json={})
    assert answer.get_json()["result"] == "no_keys"
