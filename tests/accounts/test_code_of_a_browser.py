"""A code belongs to the browser that asked: what others do cannot harm it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.browsers import ask, is_signed_in, type_code, wrong
from tests.cast import Cast

NEAR, FAR = "198.51.100.1", "203.0.113.9"
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


def type_wrong_codes(browser: FlaskClient, email: str, network: str) -> None:
    for _ in range(3):
        code = ask(browser, email, network)
        for _ in range(6):
            type_code(browser, wrong(code), network)


def ask_until_refused(browser: FlaskClient, email: str, network: str) -> None:
    answers = [
        browser.application.test_client().post(
            "/login", data={"email": email}, environ_base={"REMOTE_ADDR": network}
        )
        for _ in range(12)
    ]
    assert answers[-1].status_code == 429


def type_without_asking(browser: FlaskClient, email: str, network: str) -> None:
    assert type_code(browser, "123456", network).location == "/login"


def join_with_the_address(browser: FlaskClient, email: str, network: str) -> None:
    form = FORM | {"email": email, "name": "Not Alice"}
    for _ in range(5):
        browser.post("/join/join-bjuv", data=form, environ_base={"REMOTE_ADDR": network})
        type_code(browser, "000000", network)


def wear_the_network_out(browser: FlaskClient, email: str, network: str) -> None:
    code = ask(browser, email, network)
    answers = [type_code(browser, wrong(code), network) for _ in range(102)]
    assert answers[-1].status_code == 429


ATTACKS = [
    type_wrong_codes,
    ask_until_refused,
    type_without_asking,
    join_with_the_address,
    wear_the_network_out,
]


@pytest.mark.parametrize("network", [NEAR, FAR], ids=["same network", "elsewhere"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_a_stranger_does_the_code_of_this_browser_works(
    alices: FlaskClient,
    other: FlaskClient,
    cast: Cast,
    attack: Callable[[FlaskClient, str, str], None],
    network: str,
) -> None:
    code = ask(alices, cast.alice.email, NEAR)
    attack(other, cast.alice.email, network)
    assert type_code(alices, code, NEAR).status_code == 303
    assert is_signed_in(alices)
    assert not is_signed_in(other)


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_a_stranger_did_elsewhere_one_can_ask_for_a_code(
    alices: FlaskClient, other: FlaskClient, cast: Cast, attack: Callable[[FlaskClient, str, str], None]
) -> None:
    for network in (FAR, "2001:db8::1", "203.0.113.77"):
        attack(other.application.test_client(), cast.alice.email, network)
    assert type_code(alices, ask(alices, cast.alice.email, NEAR), NEAR).status_code == 303


def test_a_code_from_the_mail_is_of_no_use_in_another_browser(
    alices: FlaskClient, other: FlaskClient, cast: Cast
) -> None:
    code, other_code = ask(alices, cast.alice.email), ask(other, cast.alice.email)
    if code != other_code:
        assert type_code(other, code).status_code == 422
        assert type_code(alices, other_code).status_code == 422
    assert not is_signed_in(other)
    assert not is_signed_in(alices)


def test_the_addresses_of_one_ipv6_network_share_their_limit(other: FlaskClient, cast: Cast) -> None:
    answers = [
        other.application.test_client()
        .post(
            "/login",
            data={"email": cast.alice.email},
            environ_base={"REMOTE_ADDR": f"2001:db8:0:7:{n:x}::{n:x}"},
        )
        .status_code
        for n in range(1, 12)
    ]
    assert answers == [303] * 10 + [429]


def test_who_gets_no_more_codes_reads_what_still_works(alices: FlaskClient, cast: Cast) -> None:
    code = ask(alices, cast.alice.email)
    ask_until_refused(alices, cast.alice.email, NEAR)
    for path in ("/login", "/login/code/new"):
        answer = alices.post(path, data={"email": cast.alice.email}, environ_base={"REMOTE_ADDR": NEAR})
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "som du har bett om på den här enheten fungerar" in answer.text
        assert cast.alice.email in answer.text, "what was typed is there"
    assert type_code(alices, code).status_code == 303


def test_the_form_for_joining_comes_back_filled_when_there_are_no_more_codes(client: FlaskClient) -> None:
    answers = [client.post("/join/join-bjuv", data=FORM) for _ in range(6)]
    assert answers[-1].status_code == 429
    for written in ('value="Karin Ek"', 'value="karin@bjuv.se"', 'value="bjuv" checked'):
        assert written in answers[-1].text


def test_three_hundred_people_behind_one_address_sign_in(app: Flask, cast: Cast) -> None:
    """A kick-off in a town hall: one in three asks once more, and one in five mistypes the code twice."""
    for number in range(300):
        browser = app.test_client()
        here: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": NEAR}}
        asked = browser.post("/login", data={"email": f"person.{number}@bjuv.se"}, **here)
        again = [browser.post("/login/code/new", **here) for _ in range(number % 3 == 0)]
        assert {answer.status_code for answer in (asked, *again)} == {303}
        mistyped = [type_code(browser, "000000", NEAR) for _ in range(2 if number % 5 == 0 else 0)]
        assert {answer.status_code for answer in mistyped} <= {422}
    alices = app.test_client()
    assert type_code(alices, ask(alices, cast.alice.email, NEAR), NEAR).status_code == 303


@pytest.mark.parametrize(
    ("language", "sentence", "advice"),
    [
        ("sv", "Är du med ligger koden i din mejl nu.", "be din samordnare om länken"),
        ("en", "If you take part, the code is in your mail now.", "ask your coordinator for the link"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_nobody_is_told_that_a_mail_was_sent(
    alices: FlaskClient, cast: Cast, language: str, sentence: str, advice: str, known: bool
) -> None:
    alices.set_cookie("language", language)
    alices.post("/login", data={"email": cast.alice.email if known else "nobody@bjuv.se"})
    page = alices.get("/login/code").text
    assert sentence in page
    assert advice in page
    assert "Vi har skickat" not in page
    assert "We have sent" not in page
    alices.post("/login/code/new")
    assert "är på väg" not in alices.get("/login/code").text
