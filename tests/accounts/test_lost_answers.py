"""A lost answer, a second tap, a closed browser are no loss; an ended session and a forged cookie open nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Mail
from app.models.sign_in import DeviceSession
from app.services.accounts.devices import end_all_sessions
from tests.accounts.browsers import ask, is_signed_in, restarted, type_code, wrong
from tests.cast import Cast
from tests.factories import NOW
from tests.unchanged import unchanged

FORM = {"name": "Karin Ek", "municipality": "bjuv", "informed": "y", "email": "karin@bjuv.se"}


@pytest.fixture
def alices(app: Flask, cast: Cast) -> FlaskClient:
    """Alice's browser, in which nobody is signed in yet."""
    assert cast.alice.email
    return app.test_client()


@pytest.fixture
def other(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


@pytest.mark.parametrize("repeats", [1, 2, 6])
def test_the_right_code_once_more_signs_in(alices: FlaskClient, cast: Cast, repeats: int) -> None:
    """The answer was lost, the button tapped twice, or the page gone back to: one session, the same one."""
    code = ask(alices, cast.alice.email)
    type_code(alices, code)
    with unchanged():
        for _ in range(repeats):
            assert type_code(alices, code).status_code == 303
    assert is_signed_in(alices)
    assert len(db.session.scalars(select(DeviceSession)).all()) == 1


def test_the_right_code_once_more_when_the_cookie_of_the_answer_was_lost(
    alices: FlaskClient, cast: Cast, app: Flask
) -> None:
    code = ask(alices, cast.alice.email)
    before = restarted(app, alices)
    type_code(alices, code)
    assert type_code(before, code).status_code == 303
    assert is_signed_in(before)
    assert len(db.session.scalars(select(DeviceSession)).all()) == 1


def test_a_wrong_code_after_the_right_one_signs_nobody_in(
    alices: FlaskClient, cast: Cast, app: Flask
) -> None:
    code = ask(alices, cast.alice.email)
    before = restarted(app, alices)
    type_code(alices, code)
    assert type_code(before, wrong(code)).status_code == 422
    assert not is_signed_in(before)


def test_whoever_is_signed_in_is_led_on_from_the_page_of_the_code(alices: FlaskClient, cast: Cast) -> None:
    alices.post("/login", data={"email": cast.alice.email, "next": "/leaderboard"})
    mail = db.session.scalars(select(Mail)).one()
    type_code(alices, mail.subject[:6])
    assert alices.get("/login/code").location == "/leaderboard"


def test_either_code_of_one_browser_works(alices: FlaskClient, cast: Cast, app: Flask) -> None:
    first, second = ask(alices, cast.alice.email), ask(alices, cast.alice.email)
    other_tab = restarted(app, alices)
    assert type_code(alices, first).status_code == 303
    assert type_code(other_tab, second).status_code == 303


@pytest.fixture
def signed_out(alices: FlaskClient, cast: Cast, app: Flask) -> Callable[[str], FlaskClient]:
    """Alice signs in, a copy of her browser is made, and her session is ended by a POST to that path; or, without a
    path, from elsewhere. The copy and her browser type the code again."""
    code, unused = ask(alices, cast.alice.email), ask(alices, cast.alice.email)
    type_code(alices, code)
    copy = restarted(app, alices)

    def sign_out(path: str) -> FlaskClient:
        if path:
            assert alices.post(path).location == "/login"
            assert alices.get_cookie("sign-in") is None
            assert type_code(copy, unused).status_code == 422, "no code of this browser works"
        else:
            end_all_sessions(cast.alice, NOW)
            db.session.commit()
        assert type_code(alices, code).status_code in (303, 422)
        assert not is_signed_in(alices)
        return copy if type_code(copy, code).status_code == 422 else alices

    return sign_out


@pytest.mark.parametrize("path", ["/logout", "/logout/all", ""])
def test_after_signing_out_an_old_code_lets_nobody_in(
    signed_out: Callable[[str], FlaskClient], path: str
) -> None:
    assert not is_signed_in(signed_out(path))


def test_the_page_and_the_code_outlive_a_restart(alices: FlaskClient, cast: Cast, app: Flask) -> None:
    code = ask(alices, cast.alice.email)
    again = restarted(app, alices)
    assert 'href="/login/code"' in again.get("/login").text
    assert cast.alice.email in again.get("/login/code").text
    assert type_code(again, code).status_code == 303
    assert is_signed_in(again)


def test_joining_outlives_a_restart(client: FlaskClient, app: Flask) -> None:
    client.post("/join/join-bjuv", data=FORM)
    mail = db.session.scalars(select(Mail)).one()
    again = restarted(app, client)
    assert 'value="Karin Ek"' in again.get("/join/join-bjuv").text
    assert type_code(again, mail.subject[:6]).status_code == 303
    assert "Karin" in again.get("/").text


def test_a_form_from_before_a_restart_is_good(alices: FlaskClient, cast: Cast, app: Flask) -> None:
    """Its token belongs to a session that is gone."""
    code = ask(alices, cast.alice.email)
    again = restarted(app, alices)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for _ in range(2):
            assert type_code(again, code).status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(("seconds", "status"), [(595, 303), (605, 303)])
def test_after_ten_minutes_one_asks_anew(alices: FlaskClient, cast: Cast, seconds: int, status: int) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        code = ask(alices, cast.alice.email)
        clock.shift(timedelta(seconds=seconds))
        answer = type_code(alices, code)
        assert answer.status_code == status
        assert answer.location == ("/" if seconds < 600 else "/login")


def test_asking_again_lets_the_cookie_live_on_but_not_the_code(alices: FlaskClient, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        first = ask(alices, cast.alice.email)
        clock.shift(timedelta(minutes=6))
        second = ask(alices, cast.alice.email)
        clock.shift(timedelta(minutes=6))
        if first != second:
            assert type_code(alices, first).status_code == 422
        assert type_code(alices, second).status_code == 303


@pytest.mark.parametrize(
    "forged",
    [
        lambda value: "",
        lambda value: value[:9] + ("a" if value[9] != "a" else "b") + value[10:],
        lambda value: value.swapcase(),
        lambda value: "." + value,
        lambda value: value.partition(".")[0],
        lambda value: "\xff\x00",
        lambda value: "x" * 4000,
    ],
)
def test_a_cookie_that_is_not_ours_is_none(
    alices: FlaskClient, cast: Cast, forged: Callable[[str], str]
) -> None:
    code = ask(alices, cast.alice.email)
    cookie = alices.get_cookie("sign-in")
    assert cookie
    alices.set_cookie("sign-in", forged(cookie.value))
    assert type_code(alices, code).location == "/login"
    assert alices.get("/login").status_code == 200
    assert not is_signed_in(alices)


def test_the_cookie_of_one_address_is_of_no_use_for_another(
    alices: FlaskClient, other: FlaskClient, cast: Cast
) -> None:
    """Somebody puts their own cookie beside Alice's code, or types their own code with hers."""
    code, own_code = ask(alices, cast.alice.email), ask(other, cast.bob.email)
    if code != own_code:
        assert type_code(other, code).status_code == 422
        assert type_code(alices, own_code).status_code == 422
    type_code(other, own_code)
    assert db.session.scalars(select(DeviceSession.person_id)).all() == [cast.bob.id]


def test_the_cookie_is_short_lived_and_hidden_from_scripts(alices: FlaskClient, cast: Cast) -> None:
    answer = alices.post("/login", data={"email": cast.alice.email})
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("sign-in="))
    for attribute in ("Max-Age=600", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Secure" not in cookie, "the tests' address is not https"


def test_with_https_the_cookie_is_for_https_alone(alices: FlaskClient, cast: Cast, app: Flask) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    try:
        answer = alices.post("/login", data={"email": cast.alice.email}, base_url="https://localhost")
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False
    assert all("Secure" in line for line in answer.headers.getlist("Set-Cookie"))


def test_a_long_way_on_does_not_burst_the_cookie(alices: FlaskClient, cast: Cast) -> None:
    alices.post("/login", data={"email": cast.alice.email, "next": "/search?q=" + "ö1" * 3000})
    cookie = alices.get_cookie("sign-in")
    assert cookie
    assert len(cookie.value) < 4000
    assert type_code(alices, db.session.scalars(select(Mail)).one().subject[:6]).location == "/"
