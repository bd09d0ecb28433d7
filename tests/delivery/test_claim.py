"""Claims: what is sent together, and how something that kills its worker is parted from the rest and ends."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from app import clock
from app.extensions import db
from app.models.notification import Delivery, DeliveryState
from app.services.delivery.claim import MOST_INTERRUPTIONS, PORTIONS, claim
from app.services.delivery.isolation import together_or_apart
from app.services.notifications.outbox import LEASE
from tests.cast import Cast
from tests.factories import NOW
from tests.fan_out import tell_devices, times_told
from tests.push import deliver_at, sender_to, subscribed, tell, the_delivery
from tests.push_service import PushService

pytestmark = pytest.mark.usefixtures("app")

DEVICES = 70


def test_what_a_worker_died_with_is_claimed_in_ever_smaller_portions_and_in_the_end_given_up(
    push_service: PushService,
) -> None:
    tell_devices(push_service, DEVICES)
    now = clock.now()
    assert _portions(now, 0) == [DEVICES]
    assert [_portions(now + LEASE / 2, count) for count in range(3)] == [[], [], []], "they are claimed"
    assert [_portions(now + LEASE, count) for count in (0, 1)] == [[], [PORTIONS[1], DEVICES - PORTIONS[1]]]
    for turn in range(2, MOST_INTERRUPTIONS + 1):
        assert [_portions(now + turn * LEASE, count) for count in range(3)] == [[], [], [1] * DEVICES]
    assert [_portions(now + (MOST_INTERRUPTIONS + 1) * LEASE, count) for count in range(3)] == [[], [], []]
    db.session.expire_all()
    rows = db.session.scalars(select(Delivery)).all()
    assert {(row.state, row.attempts) for row in rows} == {(DeliveryState.GIVEN_UP, 0)}


def test_what_comes_new_is_not_claimed_with_what_a_worker_died_with(
    push_service: PushService, cast: Cast
) -> None:
    subscribed(cast.alice, push_service.device())
    tell(cast.alice)
    first = the_delivery().id
    claim(NOW, 0)
    tell(cast.alice, "invitation:2")
    assert first not in [delivery.id for delivery in claim(NOW + LEASE, 0)]
    assert [delivery.id for delivery in claim(NOW + LEASE, 1)] == [first]


def test_a_worker_that_lives_to_hear_that_it_must_wait_has_not_been_killed_by_it(
    push_service: PushService, cast: Cast
) -> None:
    subscribed(cast.alice, push_service.device(answers="500"))
    tell(cast.alice)
    the_delivery().interruptions = MOST_INTERRUPTIONS
    db.session.commit()
    deliver_at(sender_to(push_service), NOW)
    delivery = the_delivery()
    assert (delivery.interruptions, delivery.attempts, delivery.claimed_until) == (0, 1, None)


class _Stopped(BaseException):
    """The process is told to end."""


@pytest.mark.parametrize("breaks_at", [0, 1, 2, 3, 4, 5, 6])
def test_a_run_that_breaks_off_uses_up_no_attempt_of_what_was_not_sent(
    push_service: PushService, breaks_at: int
) -> None:
    tell_devices(push_service, 150)
    now, sender, commits = clock.now(), sender_to(push_service), 0

    def commit() -> None:
        nonlocal commits
        commits += 1
        if commits == breaks_at + 1:
            raise _Stopped
        db.session.commit()

    with pytest.raises(_Stopped):
        deliver_at(sender, now, commit=commit)
    db.session.rollback()
    times = times_told(push_service)
    for delivery in db.session.scalars(select(Delivery)):
        if delivery.state == DeliveryState.WAITING:
            assert delivery.attempts == 0
    settled = db.session.scalars(select(Delivery.id).where(Delivery.state == DeliveryState.DELIVERED)).all()
    assert len(settled) == len(times), "what was answered is written down"
    deliver_at(sender, now + LEASE)
    assert set(times_told(push_service).values()) == {1}
    assert len(times_told(push_service)) == 150


@pytest.mark.parametrize("culprits", [set(), {0}, {99}, {3, 4, 50}, set(range(100))])
def test_culprits_are_found_and_the_others_have_their_results(culprits: set[int]) -> None:
    blamed: list[int] = []
    calls = 0

    def work(some: Sequence[int]) -> list[int]:
        nonlocal calls
        calls += 1
        if culprits & set(some):
            raise ValueError("poison")
        return list(some)

    results = together_or_apart(range(100), work, lambda item, _error: blamed.append(item))
    assert results == [item for item in range(100) if item not in culprits]
    assert set(blamed) == culprits
    if len(culprits) == 1:
        assert calls <= 2 * 7 + 1


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_nobody_is_blamed_when_the_database_is_away(error: Callable[..., Exception]) -> None:
    def work(_some: Sequence[int]) -> list[int]:
        raise error("select", {}, Exception("the server closed the connection"))

    with pytest.raises((OperationalError, InterfaceError)):
        together_or_apart(range(9), work, lambda item, _error: pytest.fail(f"{item} is not to blame"))


def _portions(now: datetime, interruptions: int) -> list[int]:
    """The sizes of the portions until nothing is left."""
    sizes = []
    while claims := claim(now, interruptions):
        sizes.append(len(claims))
    return sizes
