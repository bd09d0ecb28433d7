"""The outbox of pushes when something goes wrong: what is tried again, when, and what becomes of it."""

import json
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select

from app.extensions import db
from app.hidden_numbers import conceal
from app.models.notification import Delivery, DeliveryState, Kind, Notification
from app.services.activities.plan import invite
from app.services.delivery.sender import PushSender
from app.services.moderation.decide import hide
from app.services.notifications.outbox import MOST_ATTEMPTS
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.push import deliver_at, sender_to, subscribed, tell, the_delivery
from tests.push_service import Answer, PushService


def _asked_to_wait(push_service: PushService, cast: Cast, seconds: str) -> PushSender:
    """Something has been pushed to Alice, and her push service has asked for that pause. Returns who pushes."""
    browser = push_service.device("busy")
    push_service.play(browser.path, Answer(429, {"Retry-After": seconds}), Answer(201))
    subscribed(cast.alice, browser)
    tell(cast.alice)
    sender = sender_to(push_service)
    deliver_at(sender, NOW)
    return sender


def test_a_service_that_is_busy_is_left_alone_for_as_long_as_it_asks(
    push_service: PushService, cast: Cast
) -> None:
    sender = _asked_to_wait(push_service, cast, "600")
    delivery = the_delivery()
    assert delivery.state == DeliveryState.WAITING
    assert timedelta(seconds=600) <= delivery.due_at - NOW <= timedelta(seconds=660)
    assert deliver_at(sender, NOW + timedelta(seconds=599)) == 0
    assert deliver_at(sender, NOW + timedelta(seconds=661)) == 1
    assert the_delivery().state == DeliveryState.DELIVERED


@pytest.mark.parametrize("answer", ["500", "silence", "hangup"])
def test_what_fails_is_tried_again_with_growing_waits_and_an_end(
    push_service: PushService, cast: Cast, answer: str
) -> None:
    subscribed(cast.alice, push_service.device(answers=answer))
    cast.alice.push_weekends, cast.alice.push_until = True, cast.alice.push_from
    tell(cast.alice)
    # Long enough to get there on a busy machine; only the silent one is waited out.
    sender = sender_to(push_service, timeout=0.5 if answer == "silence" else 10)
    now, waits = NOW, []
    while the_delivery().state == DeliveryState.WAITING:
        assert deliver_at(sender, now) == 1
        waits.append(the_delivery().due_at - now)
        now = the_delivery().due_at
    delivery = the_delivery()
    assert (delivery.state, delivery.attempts) == (DeliveryState.GIVEN_UP, MOST_ATTEMPTS)
    assert push_service.count == MOST_ATTEMPTS
    assert waits[:-1] == sorted(waits[:-1])
    assert now - NOW < timedelta(hours=48)


def test_an_invitation_to_what_was_hidden_meanwhile_is_not_pushed(
    push_service: PushService, cast: Cast
) -> None:
    subscribed(cast.charlie, push_service.device())
    activity = make_activity(cast.alice)
    invite(activity, cast.charlie, by=cast.alice, now=NOW)
    hide(activity, cast.cora, "tone", "", NOW)
    db.session.commit()
    assert deliver_at(sender_to(push_service), NOW) == 0
    invited = select(Delivery.detail).join(Delivery.notification).where(Notification.kind == Kind.INVITATION)
    assert db.session.scalars(invited).all() == ["taken away"]


def test_what_comes_meanwhile_waits_too_until_the_service_wants_to_hear_from_us(
    push_service: PushService, cast: Cast
) -> None:
    sender = _asked_to_wait(push_service, cast, "600")
    tell(cast.alice, "invitation:2", now=NOW + timedelta(minutes=1))
    assert deliver_at(sender, NOW + timedelta(minutes=1)) == 0
    assert deliver_at(sender, NOW + timedelta(seconds=661)) == 1
    assert {delivery.state for delivery in db.session.scalars(select(Delivery))} == {DeliveryState.DELIVERED}


@pytest.mark.parametrize("asked", ["99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "-5"])
def test_a_pause_that_makes_no_sense_breaks_nothing(
    push_service: PushService, cast: Cast, asked: str
) -> None:
    _asked_to_wait(push_service, cast, asked)
    delivery = the_delivery()
    assert delivery.state == DeliveryState.WAITING
    assert NOW < delivery.due_at <= NOW + timedelta(days=8)


def test_what_is_new_is_not_given_up_with_what_is_old(push_service: PushService, cast: Cast) -> None:
    subscribed(cast.alice, push_service.device(answers="500"))
    tell(cast.alice)
    the_delivery().attempts = MOST_ATTEMPTS - 1
    tell(cast.alice, "invitation:2")
    deliver_at(sender_to(push_service), NOW)
    db.session.expire_all()
    old, new = db.session.scalars(select(Delivery).order_by(Delivery.id))
    assert (new.state, new.attempts) == (DeliveryState.WAITING, 1)
    deliver_at(sender_to(push_service), new.due_at)
    db.session.expire_all()
    assert (old.state, old.detail) == (DeliveryState.GIVEN_UP, "tried too often")
    assert new.state == DeliveryState.WAITING


def test_after_a_crash_the_push_is_named_as_before(push_service: PushService, cast: Cast) -> None:
    browser = push_service.device()
    subscribed(cast.alice, browser)
    tell(cast.alice)
    tell(cast.alice, "invitation:2")
    oldest = db.session.scalars(select(Notification).order_by(Notification.id)).first()
    assert oldest
    oldest.read_at = NOW  # between the push that a worker died over and this one
    db.session.commit()
    deliver_at(sender_to(push_service), NOW)
    payload = json.loads(browser.decrypt(push_service.received[0].body))
    assert (payload["id"], payload["tag"]) == (conceal(oldest.id + 1, ""), f"n-{conceal(oldest.id, '')}")


def test_what_was_answered_is_settled_whatever_breaks_the_run(push_service: PushService, cast: Cast) -> None:
    subscribed(cast.alice, push_service.device())
    tell(cast.alice)
    asked = count()

    def moment() -> datetime:
        if next(asked) == _SECOND_CLAIM:
            raise OSError("the database has gone away")
        return NOW

    with pytest.raises(OSError, match="gone away"):
        deliver_at(sender_to(push_service), NOW, moment)
    assert the_delivery().state == DeliveryState.DELIVERED


#: The moment is asked for before the first claim, at each claim and at each screening.
_SECOND_CLAIM = 3
