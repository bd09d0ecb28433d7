"""Signing out, and the demonstration's door."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.person import Person
from app.models.sign_in import DeviceSession
from tests.cast import Cast
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]


@pytest.fixture
def demo(app: Flask) -> Iterator[None]:
    """The installation is a demonstration."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(settings, demo=True)
    yield
    app.config["SETTINGS"] = settings


def open_sessions() -> int:
    return len(db.session.scalars(select(DeviceSession).where(DeviceSession.ended_at.is_(None))).all())


def test_signing_out_ends_this_device_only(as_: As, cast: Cast) -> None:
    phone, laptop = as_(cast.alice), as_(cast.alice)
    answer = phone.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert phone.get("/people/search").status_code == 303
    assert laptop.get("/people/search").status_code == 200
    assert open_sessions() == 1


def test_signing_out_everywhere_ends_all_devices_of_one_person(as_: As, cast: Cast) -> None:
    phone, laptop, other = as_(cast.alice), as_(cast.alice), as_(cast.bob)
    assert phone.post("/logout/all").location == "/login"
    assert laptop.get("/people/search").status_code == 303
    assert other.get("/people/search").status_code == 200


def test_a_stolen_cookie_is_worth_nothing_after_sign_out(as_: As, cast: Cast, app: Flask) -> None:
    phone = as_(cast.alice)
    with phone.session_transaction() as cookie:
        stolen = dict(cookie)
    phone.post("/logout")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(stolen)
    assert thief.get("/people/search").location.startswith("/login")
    with unchanged():
        assert thief.post("/activities/new", data={"title": "Med en stulen kaka"}).status_code == 303


@pytest.mark.parametrize("path", ["/logout", "/logout/all"])
def test_who_is_not_signed_in_is_led_to_the_door(client: FlaskClient, path: str) -> None:
    assert client.post(path).location.startswith("/login")
    assert client.get(path).status_code == 405


def test_htmx_is_told_where_to_go(as_: As, cast: Cast, hx: dict[str, str]) -> None:
    answer = as_(cast.alice).post("/logout", headers=hx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login")
    assert open_sessions() == 0


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("role", ["participant", "coordinator", "lead", "steering"])
def test_a_demonstration_has_a_button_for_each_role(client: FlaskClient, cast: Cast, role: str) -> None:
    in_role = {"participant": cast.alice, "coordinator": cast.cora, "lead": cast.lena, "steering": cast.stig}
    assert f'value="{role}"' in client.get("/login").text
    assert client.post("/login/demo", data={"role": role, "next": "/leaderboard"}).location == "/leaderboard"
    assert db.session.scalars(select(DeviceSession)).one().person is in_role[role]


@pytest.mark.usefixtures("demo")
def test_a_demonstration_knows_only_its_roles(client: FlaskClient, cast: Cast) -> None:
    with unchanged():
        assert client.post("/login/demo", data={"role": "king"}).status_code == 400
        assert client.post("/login/demo", data={"role": "lead"}).location == "/login"


def test_a_real_installation_has_no_such_door(client: FlaskClient, cast: Cast) -> None:
    assert cast.alice.role == "participant"
    with unchanged():
        assert client.post("/login/demo", data={"role": "participant"}).status_code == 404
    assert "/login/demo" not in client.get("/login").text
