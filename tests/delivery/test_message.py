"""The message to a device: as urgent as what it tells of."""

import json
from datetime import time

import pytest

from app.models.notification import Kind, PushSubscription
from app.services.delivery.claim import DueDelivery, DueDevice
from app.services.delivery.message import PushWording, trial_message
from app.services.notifications.quiet_hours import Hours
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("kinds", "urgency"),
    [([Kind.CHEER], "low"), ([Kind.CHANGE], "normal"), ([Kind.CHEER, Kind.CHANGE, Kind.CHEER], "normal")],
)
def test_one_push_for_several_is_as_urgent_as_the_most_urgent(kinds: list[Kind], urgency: str) -> None:
    assert PushWording().parcel(_device_with(kinds)).message.urgency == urgency


def test_a_test_does_not_wait_for_the_phone_to_wake() -> None:
    subscription = PushSubscription(id=1, endpoint="https://push.example/1", p256dh="", auth="")
    assert trial_message(subscription, "sv").urgency == "high"


def test_what_a_lead_wrote_in_swedish_only_says_so_to_other_readers() -> None:
    assert [_language_of(written) for written in ({"sv": "Häng på"}, {"sv": "Häng på", "en": "Join us"})] == [
        "sv",
        "en",
    ]


def _language_of(written: dict[str, str]) -> str:
    """Of the push that an English reader gets."""
    device = _device_with([Kind.MESSAGE], "en", own_title=written, own_body=written)
    return str(json.loads(PushWording().parcel(device).message.payload)["lang"])


def _device_with(kinds: list[Kind], language: str = "sv", **more: object) -> DueDevice:
    parameters = {"name": "Bob", "title": "Fika", **more}
    hours = Hours(time(7), time(18), False, (time(8, 30), time(13, 30)))
    return DueDevice(
        1, "https://push.example/1", "", "", False, language, hours, [], False, 1,
        [DueDelivery(number, 1, number, kind, parameters, "/", NOW, None) for number, kind in enumerate(kinds, 1)],
    )  # fmt: skip
