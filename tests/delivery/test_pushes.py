"""The outbox of pushes against a push service that answers well and badly."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlalchemy import select, update

from app.extensions import db
from app.hidden_numbers import conceal
from app.models.notification import Delivery, DeliveryState, Group, Kind, Notification, PushSubscription
from app.services.delivery.timing import MOST_A_DAY, MOST_SLOTTED_A_DAY
from app.services.notifications.notify import notify
from app.services.notifications.outbox import LEASE
from tests.cast import Cast
from tests.factories import NOW, make_person
from tests.push import deliver_at, sender_to, sign_in_device, subscribed, tell, the_delivery
from tests.push_service import Answer, PushService


def test_the_push_is_encrypted_for_the_device_and_signed_by_us(push_service: PushService, cast: Cast) -> None:
    browser = push_service.device("alices")
    subscribed(cast.alice, browser)
    tell(cast.alice)
    sender = sender_to(push_service)
    assert deliver_at(sender, NOW) == 1
    (request,) = push_service.received
    number = conceal(db.session.scalar(select(Notification.id)) or 0, sender.signing_key)
    assert json.loads(browser.decrypt(request.body)) == {
        "id": number,
        "title": "Bob vill göra något med dig",
        "body": "Fika med nyinflyttade",
        "url": f"/inbox/{number}",
        "tag": f"n-{number}",
        "lang": "sv",
    }
    assert request.headers["content-encoding"] == "aes128gcm"
    assert request.headers["ttl"] == "172800"
    assert request.headers["urgency"] == "normal"
    assert request.headers["topic"] == f"n-{number}"
    claims = _verified(request.headers["authorization"], sender.vapid.application_server_key)
    assert claims["aud"] == push_service.origin
    assert claims["sub"] == "mailto:test@example.se"
    delivery = the_delivery()
    assert (delivery.state, delivery.settled_at) == (DeliveryState.DELIVERED, NOW)


def test_each_is_pushed_in_the_recipients_language(push_service: PushService, cast: Cast) -> None:
    cast.alice.language = "en"
    browser = push_service.device()
    subscribed(cast.alice, browser)
    tell(cast.alice)
    deliver_at(sender_to(push_service), NOW)
    payload = json.loads(browser.decrypt(push_service.received[0].body))
    assert (payload["title"], payload["lang"]) == ("Bob wants to do something with you", "en")


@pytest.mark.parametrize("status", ["404", "410"])
def test_a_dead_endpoint_is_forgotten_with_all_that_waited(
    push_service: PushService, cast: Cast, status: str
) -> None:
    subscribed(cast.alice, push_service.device(answers=status))
    tell(cast.alice)
    tell(cast.alice, "later", now=NOW)
    deliver_at(sender_to(push_service), NOW)
    assert db.session.scalars(select(PushSubscription)).all() == []
    assert db.session.scalars(select(Delivery)).all() == []
    assert len(db.session.scalars(select(Notification)).all()) == 2


def test_what_is_refused_is_given_up_at_once(push_service: PushService, cast: Cast) -> None:
    browser = push_service.device()
    push_service.play(browser.path, Answer(413, body=b"PayloadTooLarge"))
    subscribed(cast.alice, browser)
    tell(cast.alice)
    deliver_at(sender_to(push_service), NOW)
    delivery = the_delivery()
    assert (delivery.state, delivery.detail) == (DeliveryState.GIVEN_UP, "413 PayloadTooLarge")


def test_several_due_to_one_device_are_one_push(push_service: PushService, cast: Cast) -> None:
    browser, other = push_service.device("phone"), push_service.device("laptop")
    subscribed(cast.alice, browser)
    subscribed(cast.alice, other)
    for number in range(3):
        tell(cast.alice, f"invitation:{number}")
    assert deliver_at(sender_to(push_service), NOW) == 2
    payload = json.loads(
        browser.decrypt(next(r.body for r in push_service.received if r.path == browser.path))
    )
    assert (payload["title"], payload["url"]) == ("3 nya notiser", "/inbox")
    assert {delivery.state for delivery in db.session.scalars(select(Delivery))} == {DeliveryState.DELIVERED}


def test_no_push_leaves_outside_the_persons_hours(push_service: PushService, cast: Cast) -> None:
    subscribed(cast.alice, push_service.device())
    evening = NOW.replace(hour=19)
    tell(cast.alice, now=evening)
    sender = sender_to(push_service)
    assert deliver_at(sender, evening) == 0
    morning = (NOW + timedelta(days=1)).replace(hour=6)
    assert the_delivery().due_at == morning
    assert deliver_at(sender, morning) == 1


def test_hours_that_were_changed_meanwhile_hold(push_service: PushService, cast: Cast) -> None:
    subscribed(cast.alice, push_service.device())
    tell(cast.alice)
    cast.alice.push_from = cast.alice.push_from.replace(hour=13)
    db.session.commit()
    assert deliver_at(sender_to(push_service), NOW) == 0
    delivery = the_delivery()
    assert (delivery.due_at, delivery.attempts, delivery.claimed_until) == (NOW.replace(hour=12), 0, None)


def test_enough_is_enough_for_a_day(push_service: PushService, cast: Cast) -> None:
    subscribed(cast.alice, push_service.device())
    sender = sender_to(push_service)
    for number in range(MOST_A_DAY + 2):
        now = NOW + timedelta(minutes=number)
        tell(cast.alice, f"invitation:{number}", now=now)
        deliver_at(sender, now)
    assert push_service.count == MOST_A_DAY
    morning = (NOW + timedelta(days=1)).replace(hour=6)
    assert deliver_at(sender, morning) == 1


def test_what_nobody_asked_of_the_person_comes_twice_a_day_at_most(
    push_service: PushService, cast: Cast
) -> None:
    subscribed(cast.alice, push_service.device())
    sender = sender_to(push_service)
    day = NOW.replace(hour=0)
    for minutes in range(5 * 60, 18 * 60, 30):
        now = day + timedelta(minutes=minutes)
        tell(cast.alice, f"spark:{minutes}", kind=Kind.CHEER, now=now)
        deliver_at(sender, now)
    times = set(db.session.scalars(select(Delivery.settled_at).where(Delivery.settled_at.is_not(None))))
    assert times == {day.replace(hour=7, minute=30), day.replace(hour=12, minute=30)}
    assert push_service.count == MOST_SLOTTED_A_DAY
    # She moves her slots: what waits is due now, and yet it is enough for a day. What is asked of her comes at once.
    db.session.execute(update(Delivery).values(due_at=NOW))
    tell(cast.alice, now=day.replace(hour=16))
    assert deliver_at(sender, day.replace(hour=16)) == 1
    waiting = select(Delivery.due_at).where(Delivery.state == DeliveryState.WAITING.value)
    assert set(db.session.scalars(waiting)) == {day.replace(hour=7, minute=30) + timedelta(days=1)}


def test_what_was_read_or_switched_off_meanwhile_is_not_pushed(push_service: PushService, cast: Cast) -> None:
    subscribed(cast.alice, push_service.device())
    tell(cast.alice)
    db.session.scalars(select(Notification)).one().read_at = NOW
    subscribed(cast.bob, push_service.device("bobs"))
    tell(cast.bob)
    cast.bob.muted_groups = [Group.TOGETHER.value]
    subscribed(cast.charlie, push_service.device("charlies"))
    tell(cast.charlie)
    cast.charlie.paused_at = NOW
    db.session.commit()
    assert deliver_at(sender_to(push_service), NOW) == 0
    details = set(db.session.scalars(select(Delivery.detail)))
    assert details == {"read in the inbox", "switched off", "paused"}


def test_who_has_signed_out_there_gets_no_push_there(push_service: PushService, cast: Cast) -> None:
    subscription = subscribed(cast.alice, push_service.device())
    tell(cast.alice)
    session = sign_in_device(cast.alice)
    subscription.device_session_id, session.ended_at = session.id, NOW
    db.session.commit()
    assert deliver_at(sender_to(push_service), NOW) == 0
    assert db.session.scalars(select(PushSubscription)).all() == []


def test_a_claim_holds_others_off_until_it_runs_out(push_service: PushService, cast: Cast) -> None:
    subscribed(cast.alice, push_service.device())
    tell(cast.alice)
    delivery = the_delivery()
    delivery.claimed_until, delivery.attempts = NOW + LEASE, 1
    db.session.commit()
    sender = sender_to(push_service)
    assert deliver_at(sender, NOW) == 0
    assert deliver_at(sender, NOW + LEASE) == 1


def test_statements_do_not_grow_with_the_devices(
    push_service: PushService, cast: Cast, queries: list[str]
) -> None:
    def statements(people: int) -> int:
        crowd = [make_person() for _ in range(people)]
        for number, person in enumerate(crowd):
            subscribed(person, push_service.device(f"{people}-{number}"))
        notify(
            [person.id for person in crowd],
            Kind.INVITATION,
            key=f"crowd:{people}",
            url="/",
            parameters={"contribution_id": 1},
            now=NOW,
        )
        db.session.commit()
        queries.clear()
        assert deliver_at(sender_to(push_service), NOW) == people
        return len(queries)

    assert statements(2) == statements(30)


def _verified(authorization: str, public_key: str) -> dict[str, Any]:
    """The claims of a VAPID header (RFC 8292), after checking key and signature."""
    fields = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    assert fields["k"] == public_key
    signed, _, signature = fields["t"].rpartition(".")
    raw = _bytes(signature)
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(public_key)).verify(
        encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
        signed.encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    return json.loads(_bytes(signed.partition(".")[2]))  # type: ignore[no-any-return]


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
