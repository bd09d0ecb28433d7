"""The calendar on one's settings page: made, shown again, changed and switched off, by oneself alone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.person import Person
from app.services.accounts.calendar_address import address_of
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]

_PATHS = (
    "/settings/calendar",
    "/settings/calendar/{serial}/replacement",
    "/settings/calendar/{serial}/revocation",
)


def _serial(person: Person) -> str:
    address = address_of(person)
    return address.serial if address else ""


def _shown(browser: FlaskClient) -> str:
    """The path of the address on the page; empty where there is none."""
    found = re.search(r'value="http://localhost(/calendar/[^"]+)"', browser.get("/settings").text)
    return found[1] if found else ""


def test_it_is_made_when_one_asks_for_it(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert "Skapa en adress" in alice.get("/settings").text
    answer = alice.post("/settings/calendar")
    assert (answer.status_code, answer.location) == (303, "/settings#calendar")
    page = alice.get("/settings").text
    path = _shown(alice)
    assert f'href="webcal://localhost{path}"' in page
    assert f'data-url="http://localhost{path}"' in page
    assert "Din kalender har fått en adress." in page
    assert _shown(alice) == path, "it can be looked up again"
    assert alice.get(path).status_code == 200


def test_a_double_tap_makes_one(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    alice.post("/settings/calendar")
    serial = _serial(cast.alice)
    assert "Adressen har ändrats under tiden." in alice.post("/settings/calendar", follow_redirects=True).text
    assert _serial(cast.alice) == serial


def test_another_in_its_place_ends_the_old_one(cast: Cast, as_: As, client: FlaskClient) -> None:
    alice = as_(cast.alice)
    alice.post("/settings/calendar")
    old, serial = _shown(alice), _serial(cast.alice)
    answer = alice.post(f"/settings/calendar/{serial}/replacement")
    assert (answer.status_code, answer.location) == (303, "/settings#calendar")
    assert client.get(old).status_code == 404
    assert client.get(_shown(alice)).status_code == 200
    second = _serial(cast.alice)
    alice.post(f"/settings/calendar/{serial}/replacement")
    assert _serial(cast.alice) == second, "an old page takes no newer one away"


def test_it_can_be_switched_off(cast: Cast, as_: As, client: FlaskClient) -> None:
    alice = as_(cast.alice)
    alice.post("/settings/calendar")
    path, revocation = _shown(alice), f"/settings/calendar/{_serial(cast.alice)}/revocation"
    assert "Kalendern är avstängd." in alice.post(revocation, follow_redirects=True).text
    assert client.get(path).status_code == 404
    assert _shown(alice) == ""
    assert "Adressen har ändrats under tiden." in alice.post(revocation, follow_redirects=True).text


def test_nobody_changes_anothers(cast: Cast, as_: As, client: FlaskClient) -> None:
    alice = as_(cast.alice)
    alice.post("/settings/calendar")
    serial = _serial(cast.alice)
    for path in _PATHS[1:]:
        for person in (cast.bob, cast.cora, cast.lena):
            as_(person).post(path.format(serial=serial))
        assert "/login" in client.post(path.format(serial=serial)).location
    assert _serial(cast.alice) == serial
    assert _shown(as_(cast.bob)) == ""


@pytest.mark.parametrize("path", _PATHS)
def test_a_form_without_its_token_changes_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, cast: Cast, as_: As, path: str
) -> None:
    alice = as_(cast.alice)
    if "{" in path:
        alice.post("/settings/calendar")
    serial = _serial(cast.alice)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert alice.post(path.format(serial=serial)).status_code == 400
    assert _serial(cast.alice) == serial


def test_the_script_is_led_back_to_it(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    answer = as_(cast.alice).post("/settings/calendar", headers=hx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/settings#calendar")


def test_the_journey_leads_there(cast: Cast, as_: As) -> None:
    assert 'href="/settings#calendar"' in as_(cast.alice).get("/stages").text
