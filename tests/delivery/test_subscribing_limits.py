"""How much may be subscribed, by whom and from where; and what no subscription can be."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.notification import PushSubscription
from app.models.person import Person
from app.services.delivery.subscriptions import MOST_DEVICES
from tests.cast import Cast
from tests.factories import make_person
from tests.push import subscribed
from tests.push_device import Device
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
PHONE = Device("https://fcm.googleapis.com/fcm/send/abc")
LONG = "https://fcm.googleapis.com/" + "x" * 1_000_000


def endpoint(name: object) -> Device:
    return Device(f"https://fcm.googleapis.com/fcm/send/{name}", PHONE.key, PHONE.secret)


def test_three_hundred_people_subscribe_from_behind_one_address(cast: Cast, as_: As) -> None:
    statuses = [
        as_(make_person()).post("/push/subscriptions", json=endpoint(number).subscription()).status_code
        for number in range(300)
    ]
    assert set(statuses) == {201}


def test_one_person_cannot_subscribe_without_end(cast: Cast, as_: As) -> None:
    alice, bob = as_(cast.alice), as_(cast.bob)
    statuses = [alice.post("/push/subscriptions", json={}).status_code for _ in range(130)]
    assert statuses[:100] == [422] * 100
    assert statuses[-1] == 429
    assert as_(cast.alice).post("/push/subscriptions", json={}).status_code == 429
    assert bob.post("/push/subscriptions", json=PHONE.subscription()).status_code == 201


def test_a_device_has_one_subscription(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    for number in range(3):
        alice.post("/push/subscriptions", json=endpoint(number).subscription())
    assert db.session.scalars(select(PushSubscription.endpoint)).all() == [endpoint(2).endpoint]


def test_an_endpoint_that_moves_to_a_device_replaces_the_one_there(cast: Cast, as_: As) -> None:
    alice, bob = as_(cast.alice), as_(cast.bob)
    alice.post("/push/subscriptions", json=endpoint("shared").subscription())
    bob.post("/push/subscriptions", json=endpoint("own").subscription())
    assert bob.post("/push/subscriptions", json=endpoint("shared").subscription()).status_code == 201
    rows = db.session.execute(select(PushSubscription.person_id, PushSubscription.endpoint)).all()
    assert [tuple(row) for row in rows] == [(cast.bob.id, endpoint("shared").endpoint)]


def test_of_very_many_devices_the_latest_get_pushes(cast: Cast) -> None:
    other = subscribed(cast.bob, endpoint("bobs"))
    numbers = [subscribed(cast.alice, endpoint(number)).id for number in range(MOST_DEVICES + 3)]
    of_alice = select(PushSubscription.id).where(PushSubscription.person_id == cast.alice.id)
    assert sorted(db.session.scalars(of_alice)) == numbers[3:]
    assert db.session.get(PushSubscription, other.id)


#: What no text of a subscription can be.
_NO_TEXTS: tuple[Any, ...] = (None, 7, True, [], {})
_BODIES: tuple[Any, ...] = (
    b"", b"null", b"[]", b"7", b'"text"', b"{", b"\xff\xfe", b"\x00", b"[" * 5000, b'{"a":' * 5000, b"NaN",
    b'{"endpoint": ' + b"9" * 5000 + b"}", json.dumps({"endpoint": LONG}), json.dumps({"keys": {"a": LONG}}),
    json.dumps([[]] * 300_000),
)  # fmt: skip


@pytest.mark.parametrize("body", _BODIES, ids=range(len(_BODIES)))
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_body_that_says_nothing_is_refused(method: str, body: Any, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    with unchanged():
        sent = alice.open("/push/subscriptions", method=method, data=body, content_type="application/json")
        assert (sent.status_code, sent.is_json) == (422, True)
        assert sent.get_json()["error"]
        assert len(sent.data) < 300


@pytest.mark.parametrize(
    "change",
    [
        *({"endpoint": value} for value in (*_NO_TEXTS, "", " ", "\0", "https://", "\ud800", LONG)),
        *({"endpoint": f"https://{host}/x"} for host in ("a\0.se", "a b.se", "å.se", "192.168.0.1", "[::1]", "a.se:0")),
        *({"endpoint": f"{scheme}:fcm.googleapis.com/x"} for scheme in ("javascript", "data", "file", "ftp")),
        *({"keys": value} for value in (*_NO_TEXTS, "", [[]], {"p256dh": [], "auth": {}}, {"auth": PHONE.auth})),
        *({"keys": {"p256dh": value, "auth": PHONE.auth}} for value in ("\0" * 87, "A" * 87, "ö" * 87, LONG)),
        *({"keys": {"p256dh": PHONE.p256dh, "auth": value}} for value in ("", "\0" * 22, "\ud800" * 22, LONG)),
        *({"applicationServerKey": value} for value in _NO_TEXTS),
    ],
)  # fmt: skip
def test_what_can_never_be_sent_to_is_refused(change: dict[str, Any], cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    with unchanged():
        answer = alice.post("/push/subscriptions", json=PHONE.subscription() | change)
        assert (answer.status_code, bool(answer.get_json()["error"])) == (422, True)


@pytest.mark.parametrize("odd", [None, 0, -1, 1e308, "soon", [], {"a": [1]}, 10**400, True])
def test_an_odd_expiration_time_is_not_our_concern(odd: Any, cast: Cast, as_: As) -> None:
    """Browsers give none, and the push service says when a subscription has ended."""
    sent = as_(cast.alice).post("/push/subscriptions", json=PHONE.subscription() | {"expirationTime": odd})
    assert sent.status_code == 201
    count = select(func.count()).select_from(PushSubscription)
    assert db.session.scalar(count) == 1
