"""A push that asks how it went goes alone, and carries by what it is answered."""

import json
from dataclasses import replace
from typing import Any

from flask import current_app
from flask.testing import FlaskClient

from app.models.activity import Activity
from app.models.person import Person
from tests.activities.closing import address_of, again, ask_how_it_went, make_due
from tests.cast import Cast
from tests.factories import NOW
from tests.push import deliver_at, sender_to, subscribed, tell
from tests.push_device import Device
from tests.push_service import PushService


def _ask(person: Person, title: str) -> Activity:
    activity = make_due(person, title=title)
    ask_how_it_went()
    return activity


def _delivered(push_service: PushService, browser: Device) -> list[dict[str, Any]]:
    sender = replace(sender_to(push_service), signing_key=current_app.config["SECRET_KEY"])
    deliver_at(sender, NOW.replace(hour=12, minute=30))
    return [json.loads(browser.decrypt(request.body)) for request in push_service.received]


def test_it_carries_two_buttons_and_the_address_that_takes_the_answer(
    push_service: PushService, cast: Cast, client: FlaskClient
) -> None:
    browser = push_service.device()
    subscribed(cast.alice, browser)
    activity = _ask(cast.alice, "Fika med nyinflyttade")
    [payload] = _delivered(push_service, browser)
    assert payload["title"] == "Hur gick det? · Fika med nyinflyttade"
    assert payload["actions"] == [
        {"action": "done", "title": "Den blev av"},
        {"action": "moved", "title": "Den är flyttad"},
    ]
    assert payload["done"] == "Klart"
    assert payload["url"] == f"/inbox/{payload['id']}"
    assert payload["close"] == address_of(activity, cast.alice)


def test_it_speaks_the_recipient_s_language(push_service: PushService, cast: Cast) -> None:
    cast.alice.language = "en"
    browser = push_service.device()
    subscribed(cast.alice, browser)
    _ask(cast.alice, "Fika")
    [payload] = _delivered(push_service, browser)
    assert [action["title"] for action in payload["actions"]] == ["It took place", "It is moved"]


def test_each_goes_alone_and_the_rest_together(push_service: PushService, cast: Cast) -> None:
    browser = push_service.device()
    subscribed(cast.alice, browser)
    for number in range(2):
        tell(cast.alice, f"invitation:{number}")
        make_due(cast.alice, title=f"Fika nummer {number}")
    ask_how_it_went()
    payloads = _delivered(push_service, browser)
    assert sorted(payload["title"] for payload in payloads) == [
        "2 nya notiser",
        "Hur gick det? · Fika nummer 0",
        "Hur gick det? · Fika nummer 1",
    ]
    assert len({payload["tag"] for payload in payloads}) == 3
    assert [payload["title"] for payload in payloads if "close" not in payload] == ["2 nya notiser"]


def test_one_that_is_sent_again_replaces_the_first(push_service: PushService, cast: Cast) -> None:
    browser = push_service.device(answers="503")
    subscribed(cast.alice, browser)
    _ask(cast.alice, "Fika")
    sender = replace(sender_to(push_service), signing_key=current_app.config["SECRET_KEY"])
    deliver_at(sender, NOW.replace(hour=12, minute=30))
    deliver_at(sender, NOW.replace(hour=13, minute=30))
    first, second = (json.loads(browser.decrypt(request.body)) for request in push_service.received)
    assert first == second


def test_what_is_answered_is_not_asked_any_more(
    push_service: PushService, cast: Cast, client: FlaskClient, at_now: None
) -> None:
    browser = push_service.device()
    subscribed(cast.alice, browser)
    activity = _ask(cast.alice, "Fika")
    client.post(address_of(activity, cast.alice), data={"choice": "done"})
    assert again(activity).is_carried_out
    assert [payload for payload in _delivered(push_service, browser) if "close" in payload] == []
