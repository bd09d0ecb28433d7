"""The lobby's address in the programme's administration: leads alone make it, change it and revoke it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.person import Person
from app.services.publishing.lobby_address import lobby_address, make_address, revoke_address
from tests.cast import Cast
from tests.factories import NOW
from tests.lobby_makers import make_screen

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]

_PATHS = ("/admin/screen", "/admin/screen/{secret}/replacement", "/admin/screen/{secret}/revocation")


@pytest.fixture
def secret(cast: Cast) -> str:
    """Of an address that Lena has made."""
    return make_screen(cast.lena)


def _secret() -> str:
    address = lobby_address()
    return address.secret if address else ""


def test_a_lead_makes_it_and_sees_it(cast: Cast, as_: As) -> None:
    lena = as_(cast.lena)
    assert "Skapa en adress" in lena.get("/admin").text
    answer = lena.post("/admin/screen")
    assert (answer.status_code, answer.location) == (303, "/admin#screen")
    page = lena.get("/admin").text
    assert f"http://localhost/screen/{_secret()}" in page
    assert "Lena Lind" in page
    assert len(_secret()) == 32


def test_a_double_tap_makes_one(cast: Cast, as_: As, secret: str) -> None:
    answer = as_(cast.lena).post("/admin/screen", follow_redirects=True)
    assert "Någon har ändrat adressen under tiden." in answer.text
    assert _secret() == secret


def test_another_in_its_place_ends_the_old_one(cast: Cast, as_: As, client: FlaskClient, secret: str) -> None:
    lena = as_(cast.lena)
    lena.post(f"/admin/screen/{secret}/replacement")
    second = _secret()
    assert second != secret
    assert client.get(f"/screen/{secret}").status_code == 404
    assert client.get(f"/screen/{second}").status_code == 200
    lena.post(f"/admin/screen/{secret}/replacement")
    assert _secret() == second, "an old page takes no newer one away"


def test_revoking_leaves_nothing(cast: Cast, as_: As, client: FlaskClient, secret: str) -> None:
    lena = as_(cast.lena)
    answer = lena.post(f"/admin/screen/{secret}/revocation", follow_redirects=True)
    assert "Adressen är indragen." in answer.text
    assert "Skapa en adress" in answer.text
    assert client.get(f"/screen/{secret}").status_code == 404
    again = lena.post(f"/admin/screen/{secret}/revocation", follow_redirects=True)
    assert "Någon har ändrat adressen under tiden." in again.text


@pytest.mark.parametrize("path", _PATHS)
def test_nobody_else_may(cast: Cast, as_: As, client: FlaskClient, secret: str, path: str) -> None:
    for person in (cast.alice, cast.cora, cast.stig):
        assert as_(person).post(path.format(secret=secret)).status_code == 403
    assert "/login" in client.post(path.format(secret=secret)).location
    assert _secret() == secret


@pytest.mark.parametrize("path", _PATHS)
def test_a_form_without_its_token_changes_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, cast: Cast, as_: As, secret: str, path: str
) -> None:
    lena = as_(cast.lena)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert lena.post(path.format(secret=secret)).status_code == 400
    assert _secret() == secret


def test_the_script_is_led_back_to_it(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    answer = as_(cast.lena).post("/admin/screen", headers=hx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/admin#screen")


def test_there_is_one_at_a_time(cast: Cast, secret: str) -> None:
    assert not make_address(instead_of="", by=cast.lena, now=NOW)
    assert not make_address(instead_of="another", by=cast.lena, now=NOW)
    assert not revoke_address("another")
    assert _secret() == secret
