"""What push services answer: what is ours to mend waits, a dead subscription goes, a bad message is given up alone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app.extensions import db
from app.models.notification import Delivery, DeliveryState, Notification, PushSubscription
from app.services.delivery.pushes import TrialResult, try_push
from app.services.delivery.screening import TOO_OLD
from app.services.delivery.sender import PushSender
from tests.cast import Cast
from tests.factories import NOW
from tests.push import deliver_at, sender_to, sign_in_device, subscribed, tell, the_delivery
from tests.push_device import Device
from tests.push_service import HANGUP, Answer, PushService

REFUSALS = [
    Answer(400, body=b'{"reason":"VapidPkHashMismatch"}'),
    Answer(401, body=b"Unauthorized"),
    Answer(403, body=b'{"reason":"BadJwtToken"}'),
    Answer(403, body=b"the VAPID credentials in the authorization header do not correspond\x00"),
]


def _told(cast: Cast, push_service: PushService, *answers: Answer) -> tuple[PushSender, Device]:
    """Alice has been told something that her push service answers so."""
    cast.alice.push_weekends, cast.alice.push_until = True, cast.alice.push_from
    browser = push_service.device()
    push_service.play(browser.path, *answers)
    subscribed(cast.alice, browser)
    tell(cast.alice)
    return sender_to(push_service), browser


@pytest.mark.parametrize("answer", REFUSALS, ids=repr)
def test_what_is_ours_to_mend_waits_and_goes_out_when_it_is_mended(
    push_service: PushService, cast: Cast, answer: Answer
) -> None:
    sender, _ = _told(cast, push_service, *[answer] * 20, Answer(201))
    now = NOW
    for _ in range(20):
        assert deliver_at(sender, now) == 1
        delivery = the_delivery()
        assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 0)
        assert delivery.detail.startswith(str(answer.status))
        assert timedelta(minutes=59) < delivery.due_at - now < timedelta(hours=2)
        now = delivery.due_at
    deliver_at(sender, now)
    assert the_delivery().state == DeliveryState.DELIVERED


def test_what_is_never_mended_is_given_up_when_it_is_out_of_date_and_the_subscription_stays(
    push_service: PushService, cast: Cast
) -> None:
    sender, _ = _told(cast, push_service, REFUSALS[0])
    deliver_at(sender, NOW + TOO_OLD + timedelta(hours=1))
    delivery = the_delivery()
    assert (delivery.state, delivery.detail) == (DeliveryState.GIVEN_UP, "too old")
    assert db.session.scalar(select(func.count()).select_from(PushSubscription)) == 1


def test_what_nobody_can_read_is_given_up_when_it_is_out_of_date(
    push_service: PushService, cast: Cast
) -> None:
    sender, _ = _told(cast, push_service, Answer(201))
    db.session.scalars(select(Notification)).one().kind = "of another version"
    db.session.commit()
    deliver_at(sender, NOW)
    delivery = the_delivery()
    assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 0)
    assert "of another version" in delivery.detail
    deliver_at(sender, NOW + TOO_OLD + timedelta(hours=1))
    assert the_delivery().state == DeliveryState.GIVEN_UP
    assert push_service.count == 0


def test_what_waits_for_us_holds_up_nothing_else_to_the_same_device(
    push_service: PushService, cast: Cast
) -> None:
    sender, _ = _told(cast, push_service, REFUSALS[0], Answer(201))
    deliver_at(sender, NOW)
    tell(cast.alice, "invitation:2")
    deliver_at(sender, NOW)
    states = db.session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
    assert states == [DeliveryState.WAITING, DeliveryState.DELIVERED]


def test_the_operator_is_told_once_for_each_service_and_answer(push_service: PushService, cast: Cast) -> None:
    people = (cast.alice, cast.bob, cast.charlie)
    for person, answer in zip(people, (REFUSALS[1], REFUSALS[1], REFUSALS[2]), strict=True):
        browser = push_service.device(f"{person.id}")
        push_service.play(browser.path, answer)
        subscribed(person, browser)
        tell(person)
    with capture_logs() as logs:
        deliver_at(sender_to(push_service), NOW)
    complaints = [entry for entry in logs if entry["log_level"] == "error"]
    assert [entry["answer"] for entry in complaints] == ["401 Unauthorized", '403 {"reason":"BadJwtToken"}']
    for entry in complaints:
        assert entry["service"] == push_service.origin
        for word in ("clock", "VAPID_SUBJECT", "VAPID_PRIVATE_KEY", "push keys --replace"):
            assert word in entry["check"]


@pytest.mark.parametrize("status", [405, 411, 413, 414, 415, 418, 431])
def test_a_message_that_is_refused_is_given_up_and_nothing_else(
    push_service: PushService, cast: Cast, status: int
) -> None:
    sender, _ = _told(cast, push_service, Answer(status, body=b"too large"), Answer(201))
    deliver_at(sender, NOW)
    delivery = the_delivery()
    assert (delivery.state, delivery.detail) == (DeliveryState.GIVEN_UP, f"{status} too large")
    tell(cast.alice, "invitation:2")
    deliver_at(sender, NOW)
    assert push_service.count == 2
    assert set(db.session.scalars(select(Delivery.state))) == {
        DeliveryState.GIVEN_UP,
        DeliveryState.DELIVERED,
    }


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 410, 413, 429, 500, 503])
def test_whoever_asks_us_to_come_again_is_asked_again_and_not_sooner(
    push_service: PushService, cast: Cast, status: int
) -> None:
    headers = {"Retry-After": "600", "X-WNS-Status": "channelthrottled"}
    sender, _ = _told(cast, push_service, Answer(status, headers), Answer(201))
    deliver_at(sender, NOW)
    delivery = the_delivery()
    assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 1)
    assert delivery.detail == f"{status} X-WNS-Status: channelthrottled"
    assert timedelta(seconds=600) <= delivery.due_at - NOW <= timedelta(seconds=660)
    deliver_at(sender, NOW + timedelta(seconds=661))
    assert the_delivery().state == DeliveryState.DELIVERED


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer(201), TrialResult.DELIVERED),
        (Answer(404), TrialResult.GONE),
        (Answer(410, body=b"\x00"), TrialResult.GONE),
        (Answer(413), TrialResult.REFUSED),
        (Answer(406, {"Retry-After": "9"}), TrialResult.RETRY),
        (Answer(500, body=b"\x00\xff" * 9000), TrialResult.RETRY),
        (Answer(HANGUP), TrialResult.RETRY),
        *((answer, TrialResult.REFUSED) for answer in REFUSALS),
    ],
    ids=repr,
)
def test_a_trial_says_what_the_answer_means_and_drops_only_a_dead_subscription(
    push_service: PushService, cast: Cast, answer: Answer, result: TrialResult
) -> None:
    browser = push_service.device()
    push_service.play(browser.path, answer)
    subscription = subscribed(cast.alice, browser)
    device = sign_in_device(cast.alice)
    subscription.device_session_id = device.id
    db.session.commit()
    assert try_push(sender_to(push_service), device, "sv") is result
    db.session.commit()
    left = db.session.scalar(select(func.count()).select_from(PushSubscription))
    assert left == (0 if result is TrialResult.GONE else 1)


@pytest.mark.parametrize(
    ("column", "content"),
    [("endpoint", "https://[2a00:1450::1]/x"), ("endpoint", "\x01"), ("p256dh", ""), ("auth", "å")],
)
def test_a_trial_to_what_cannot_be_sent_to_is_refused(
    push_service: PushService, cast: Cast, column: str, content: str
) -> None:
    subscription = subscribed(cast.alice, push_service.device())
    device = sign_in_device(cast.alice)
    subscription.device_session_id = device.id
    setattr(subscription, column, content)
    db.session.commit()
    assert try_push(sender_to(push_service), device, "sv") is TrialResult.REFUSED
