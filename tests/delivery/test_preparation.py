"""A message to a device tells of what can be told; what cannot be put into words is kept apart."""

import threading
from datetime import time
from typing import Any

import pytest

from app.models.notification import Kind
from app.services.delivery.claim import DueDelivery, DueDevice
from app.services.delivery.due import merge
from app.services.delivery.message import PushWording
from app.services.delivery.preparation import pack
from app.services.delivery.single_run import SingleRun
from app.services.notifications.quiet_hours import Hours
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("app")

GOOD = {"name": "Bob", "title": "Fika"}
BAD = {"day": "someday"}


@pytest.mark.parametrize("language", ["xx", "", "../../etc", "sv\x00", "en-xx-yy-zz"])
def test_a_language_that_there_is_not_makes_no_message(language: str) -> None:
    parcel, problems = pack(_device([GOOD, GOOD], language), PushWording())
    assert parcel is None
    assert [bundle.delivery_ids for bundle, _ in problems] == [(2,), (1,)]
    assert {(result.kind, bool(result.detail)) for _, result in problems} == {("ours", True)}


def test_what_has_no_words_does_not_keep_the_others_from_being_told() -> None:
    parcel, problems = pack(_device([GOOD, GOOD, BAD, BAD], "sv"), PushWording())
    assert parcel
    assert parcel.bundle.delivery_ids == (1, 2)
    assert [bundle.delivery_ids for bundle, _ in problems] == [(4,), (3,)]


def test_a_device_that_was_read_in_parts_gets_one_push() -> None:
    first, second = _device([GOOD, GOOD], "sv"), _device([GOOD, GOOD], "sv")
    newer, older = second.deliveries
    second.deliveries = [newer]
    first.deliveries, first.oldest_notification_id = [older], 2
    [device] = merge([first, second])
    assert [delivery.notification_id for delivery in device.deliveries] == [1, 2]
    assert device.oldest_notification_id == 1


def test_runs_do_not_run_beside_each_other_and_none_that_was_asked_for_is_left_out() -> None:
    run, begun, go_on = SingleRun(), threading.Event(), threading.Event()
    rounds: list[int] = []

    def work() -> int:
        rounds.append(threading.get_ident())
        begun.set()
        go_on.wait(10)
        return 1

    total: list[int] = []
    first = threading.Thread(target=lambda: total.append(run(work)))
    first.start()
    assert begun.wait(10)
    assert run(work) == run(work) == 0
    go_on.set()
    first.join(10)
    assert total == [2]
    assert set(rounds) == {first.ident}


def test_a_run_that_fails_lets_the_next_one_run() -> None:
    run = SingleRun()
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 // 0)
    assert run(lambda: 7) == 7


def _device(parameters: list[dict[str, Any]], language: str) -> DueDevice:
    deliveries = [
        DueDelivery(number, 0, number, Kind.CHANGE, about, "/", NOW, None)
        for number, about in enumerate(parameters, 1)
    ]
    hours = Hours(time(7), time(18), False, (time(8, 30), time(13, 30)))
    return DueDevice(1, "https://push.example/1", "", "", False, language, hours, [], False, 1, deliveries)
