"""What every page says about pushes on the device that shows it, and that it is true."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.push.vapid import generate_private_key
from app.models.person import Person
from app.services.accounts.devices import devices_of, end_all_sessions
from app.services.delivery.sender import KEY_FILE, make_keys, push_sender
from app.services.delivery.subscriptions import fingerprint
from tests.cast import Cast
from tests.factories import NOW
from tests.push_device import Device
from tests.push_service import Answer, PushService

As = Callable[[Person], FlaskClient]
PHONE = Device("https://fcm.googleapis.com/fcm/send/phone")
LAPTOP = Device("https://updates.push.services.mozilla.com/wpush/v2/laptop")
PAGES = ("/", "/inbox", "/settings", "/me", "/activities/new", "/leaderboard")


@pytest.fixture(autouse=True)
def _keys(app: Flask, push_service: PushService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation has a key of its own in a file, and may push to the tests' service."""
    settings = dataclasses.replace(
        app.config["SETTINGS"],
        data_dir=tmp_path,
        vapid_private_key=str(make_keys(tmp_path)),
        push_extra_hosts=frozenset({push_service.authority}),
    )
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def key_of(app: Flask) -> str:
    sender = push_sender(app.config["SETTINGS"])
    assert sender
    return sender.vapid.application_server_key


def told_by(client: FlaskClient, path: str = "/settings") -> tuple[str, str, str]:
    """Key, subscription and choice, as the page says them."""
    found = re.search(
        r'id="push-here"[^>]*data-key="(.*?)" data-held="(.*?)" data-choice="(.*?)"', client.get(path).text
    )
    assert found, path
    return found[1], found[2], found[3]


def shown_by(client: FlaskClient) -> str:
    found = re.search(r'<push-toggle[^>]*data-server="(\w+)"', client.get("/settings").text)
    assert found
    return found[1]


def subscribe(client: FlaskClient, browser: Device, **more: object) -> int:
    return client.post("/push/subscriptions", json={**browser.subscription(), **more}).status_code


def name_of(browser: Device) -> str:
    return fingerprint(browser.endpoint, browser.p256dh, browser.auth)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_tells_the_key_and_what_the_server_holds(
    path: str, app: Flask, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    assert told_by(alice, path) == (key_of(app), "", "")
    subscribe(alice, PHONE)
    assert told_by(alice, path) == (key_of(app), name_of(PHONE), "on")
    assert "private" in alice.get(path).headers["Cache-Control"]


def test_a_page_is_about_its_own_device_and_person(app: Flask, cast: Cast, as_: As) -> None:
    phone, laptop, bobs = as_(cast.alice), as_(cast.alice), as_(cast.bob)
    subscribe(phone, PHONE)
    subscribe(laptop, LAPTOP)
    assert [told_by(browser)[1] for browser in (phone, laptop, bobs)] == [name_of(PHONE), name_of(LAPTOP), ""]
    subscribe(bobs, PHONE)
    assert [told_by(browser)[1:] for browser in (phone, bobs)] == [("", "on"), (name_of(PHONE), "on")]


def test_the_worker_is_told_the_same_with_a_token_to_act_on_it(app: Flask, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    subscribe(alice, PHONE)
    answer = alice.get("/push/subscription", headers={"X-Requested-With": "fetch"})
    token = answer.get_json().pop("token")
    expected = {"person": cast.alice.id, "key": key_of(app), "held": name_of(PHONE), "choice": "on"}
    assert answer.get_json() == expected | {"token": token}
    assert answer.headers["Cache-Control"] == "no-store"
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        removal = "/push/subscription/removal"
        assert alice.post(removal, json={}).status_code == 400
        assert alice.post(removal, json={}, headers={"X-CSRFToken": token}).status_code == 204
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert told_by(alice)[1:] == ("", "off")


def test_a_stranger_is_told_nothing(client: FlaskClient) -> None:
    assert client.get("/push/subscription", headers={"X-Requested-With": "fetch"}).status_code == 401
    assert client.post("/push/subscription/removal", json={}).status_code == 401
    assert "push-here" not in client.get("/").text


def end_at_the_service(service: PushService, client: FlaskClient, status: int) -> None:
    browser = service.device()
    service.play(browser.path, Answer(status))
    subscribe(client, browser)
    assert shown_by(client) == "on"
    client.post("/push/test", json={})


@pytest.mark.parametrize("status", [404, 410])
def test_what_the_push_service_ended_is_said(
    status: int, push_service: PushService, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    end_at_the_service(push_service, alice, status)
    assert told_by(alice)[1:] == ("", "on")
    assert shown_by(alice) == "ended"


@pytest.mark.parametrize("status", [403, 429, 500])
def test_what_the_push_service_did_not_end_is_still_on(
    status: int, push_service: PushService, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    end_at_the_service(push_service, alice, status)
    assert shown_by(alice) == "on"


def test_who_switched_off_here_is_off_and_only_here(cast: Cast, as_: As) -> None:
    phone, laptop = as_(cast.alice), as_(cast.alice)
    for browser, device in ((phone, PHONE), (laptop, LAPTOP)):
        subscribe(browser, device)
    phone.delete("/push/subscriptions", json={"endpoint": PHONE.endpoint})
    assert (told_by(phone)[1:], shown_by(phone)) == (("", "off"), "off")
    assert shown_by(laptop) == "on"
    # Of another device of one's own: it is ended, but that is not what was chosen there.
    phone.delete("/push/subscriptions", json={"endpoint": LAPTOP.endpoint})
    assert told_by(laptop)[1:] == ("", "on")


def test_without_a_script_one_switches_off_by_a_form(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    subscribe(alice, PHONE)
    answer = alice.post("/push/subscription/removal", follow_redirects=True)
    assert "Påminnelser är av för den här enheten." in answer.text
    assert shown_by(alice) == "off"
    subscribe(alice, PHONE)
    assert shown_by(alice) == "on"


def without_script(client: FlaskClient) -> list[str]:
    """What the settings say of this device where scripts are switched off, in short."""
    found = re.search(r"<push-toggle.*?<noscript>(.*?)</noscript>", client.get("/settings").text, re.DOTALL)
    assert found
    return re.findall("kräver JavaScript|är på|når inte|<button", found[1])


def test_without_a_script_the_server_says_what_it_knows(
    push_service: PushService, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    assert without_script(alice) == ["kräver JavaScript"]
    subscribe(alice, PHONE)
    assert without_script(alice) == ["är på", "<button", "<button"]
    end_at_the_service(push_service, alice, 410)
    assert without_script(alice) == ["når inte", "kräver JavaScript"]


def test_a_replaced_key_holds_at_once_and_ends_what_was_made_with_the_old_one(
    app: Flask, tmp_path: Path, cast: Cast, as_: As
) -> None:
    alice, old = as_(cast.alice), key_of(app)
    subscribe(alice, PHONE, applicationServerKey=old)
    make_keys(tmp_path, replace=True)
    assert key_of(app) != old
    assert told_by(alice) == (key_of(app), "", "on")
    assert shown_by(alice) == "ended"
    assert subscribe(alice, LAPTOP, applicationServerKey=old) == 422
    assert subscribe(alice, LAPTOP, applicationServerKey=key_of(app)) == 201
    assert told_by(alice) == (key_of(app), name_of(LAPTOP), "on")


@pytest.mark.parametrize("broken", ["", "no key", "/nowhere/key.pem", "-----BEGIN PRIVATE KEY-----\nx\n"])
def test_a_key_that_is_wrong_costs_no_page(
    broken: str, app: Flask, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dataclasses.replace(app.config["SETTINGS"], vapid_private_key=broken)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    alice = as_(cast.alice)
    assert told_by(alice, "/")[0] == ""
    assert "Påminnelser är inte i gång" in alice.get("/settings").text


def test_a_key_as_text_is_loaded_once(app: Flask) -> None:
    settings = dataclasses.replace(app.config["SETTINGS"], vapid_private_key=generate_private_key())
    first, second = push_sender(settings), push_sender(settings)
    assert first
    assert second
    assert first.vapid is second.vapid


def test_a_key_is_replaced_whole(tmp_path: Path) -> None:
    before = (tmp_path / KEY_FILE).read_text()
    make_keys(tmp_path, replace=True)
    assert (tmp_path / KEY_FILE).read_text() != before
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_after_signing_out_everywhere_nothing_is_held_until_the_device_says_so_again(
    cast: Cast, as_: As
) -> None:
    subscribe(as_(cast.alice), PHONE)
    end_all_sessions(cast.alice, NOW + timedelta(hours=1))
    db.session.commit()
    again = as_(cast.alice)
    assert told_by(again)[1:] == ("", "")
    subscribe(again, PHONE)
    assert told_by(again)[1:] == (name_of(PHONE), "on")
    assert len(devices_of(cast.alice)) == 1
