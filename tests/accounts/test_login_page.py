"""Signing in by a mailed code."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Mail
from app.models.sign_in import DeviceSession
from app.services.people.membership import leave
from tests.accounts.code_mail import latest_code
from tests.cast import Cast
from tests.factories import NOW
from tests.unchanged import unchanged

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


def test_the_code_signs_in_and_leads_where_one_was_going(client: FlaskClient, cast: Cast) -> None:
    asked = client.post("/login", data={"email": cast.alice.email.upper(), "next": "/activities/mine?x=1"})
    assert (asked.status_code, asked.location) == (303, "/login/code")
    done = client.post("/login/code", data={"code": latest_code()}, headers={"User-Agent": PHONE})
    assert (done.status_code, done.location) == (303, "/activities/mine?x=1")
    assert db.session.scalars(select(DeviceSession.label)).all() == ["Chrome, Android"]
    assert client.get("/login").location == "/"


def test_the_cookie_is_kept_for_long_and_hidden_from_scripts(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": cast.alice.email})
    cookie = client.post("/login/code", data={"code": latest_code()}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie


def test_a_code_with_spaces_is_fine(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": f" {cast.alice.email} "})
    code = latest_code()
    assert client.post("/login/code", data={"code": f" {code[:3]} {code[3:]} "}).location == "/"
    assert db.session.scalars(select(DeviceSession.person_id)).all() == [cast.alice.id]


def test_a_stranger_gets_the_same_answer_and_no_mail(client: FlaskClient, cast: Cast) -> None:
    known, strange = cast.alice.email, "nobody@bjuv.se"
    pages = []
    for email in (known, strange):
        answer = client.post("/login", data={"email": email})
        page = client.get("/login/code").get_data(as_text=True).replace(email, "<email>")
        pages.append(
            (
                answer.status_code,
                answer.location,
                re.sub(r'value="[\w.-]{40,}"|content="[\w.-]{40,}"', "", page),
            )
        )
    assert pages[0] == pages[1]
    assert db.session.scalars(select(Mail.to)).all() == [known]


def test_who_has_left_cannot_sign_in(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": cast.alice.email})
    code = latest_code()
    leave(cast.alice, now=NOW)
    with unchanged(but={"sign_in_code"}):
        assert client.post("/login/code", data={"code": code}).status_code == 422
    assert client.get("/activities/mine").location.startswith("/login")


@pytest.mark.parametrize("email", ["", "karin", "karin@", "a b@bjuv.se", "x" * 250 + "@bjuv.se"])
def test_what_is_no_address_is_refused_and_kept(client: FlaskClient, cast: Cast, email: str) -> None:
    with unchanged():
        answer = client.post("/login", data={"email": email})
    assert answer.status_code == 422
    assert f'value="{email}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12a456"])
def test_what_is_no_code_is_refused_and_counts_as_no_try(client: FlaskClient, cast: Cast, code: str) -> None:
    client.post("/login", data={"email": cast.alice.email})
    with unchanged():
        assert client.post("/login/code", data={"code": code}).status_code == 422


def test_wrong_codes_count_and_the_fifth_ends_it(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": cast.alice.email})
    code = latest_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    with unchanged(but={"sign_in_code"}):
        answers = [client.post("/login/code", data={"code": wrong}) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {422}
        assert client.post("/login/code", data={"code": code}).status_code == 422


def test_another_code_can_be_asked_for(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": cast.alice.email})
    assert client.post("/login/code/new").location == "/login/code"
    assert len(db.session.scalars(select(Mail)).all()) == 2
    assert client.post("/login/code", data={"code": latest_code()}).status_code == 303


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_an_address_the_code_page_leads_to_the_door(
    client: FlaskClient, app: Flask, method: str
) -> None:
    assert getattr(client, method)("/login/code").location == "/login"
    assert client.post("/login/code/new").location == "/login"


def test_the_field_takes_the_code_from_the_phone_s_keyboard(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": cast.alice.email})
    page = client.get("/login/code").text
    assert 'autocomplete="one-time-code"' in page
    assert cast.alice.email in page


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/\t/evil.example", ""],
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, cast: Cast, elsewhere: str) -> None:
    client.post("/login", data={"email": cast.alice.email, "next": elsewhere})
    assert client.post("/login/code", data={"code": latest_code()}).location == "/"


def test_a_protected_page_leads_to_the_door_and_back(client: FlaskClient, cast: Cast) -> None:
    to_door = client.get("/people/search?q=al").location
    assert to_door.startswith("/login?next=")
    assert 'value="/people/search?q=al"' in client.get(to_door).text


def test_an_address_gets_five_codes_in_a_quarter_of_an_hour(client: FlaskClient, cast: Cast) -> None:
    answers = [client.post("/login", data={"email": cast.alice.email}).status_code for _ in range(4)]
    answers += [client.post("/login/code/new").status_code for _ in range(2)]
    assert answers == [303] * 5 + [429]
    assert client.post("/login", data={"email": cast.bob.email}).status_code == 303


def test_another_address_in_the_form_does_not_lift_the_limit(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": cast.alice.email})
    answers = [client.post("/login/code/new", data={"email": f"r{n}@bjuv.se"}).status_code for n in range(5)]
    assert answers == [303] * 4 + [429]


def test_characters_that_nobody_sees_do_not_lift_the_limit(client: FlaskClient, cast: Cast) -> None:
    first, rest = cast.alice.email[0], cast.alice.email[1:]
    spelled = [f"{first}{hidden * n}{rest}" for hidden in ("\x01", "\0") for n in range(1, 4)]
    answers = [client.post("/login", data={"email": email}).status_code for email in spelled]
    assert answers == [303] * 5 + [429]


def test_nobody_elsewhere_locks_one_out(client: FlaskClient, cast: Cast) -> None:
    asked = {"email": cast.alice.email}
    elsewhere = [
        client.post("/login", data=asked, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code
        for _ in range(6)
    ]
    assert elsewhere == [303] * 5 + [429]
    assert client.post("/login", data=asked).status_code == 303


def test_no_inbox_is_flooded_from_many_networks(client: FlaskClient, cast: Cast) -> None:
    answers = [
        client.post(
            "/login", data={"email": cast.alice.email}, environ_base={"REMOTE_ADDR": f"203.0.113.{n}"}
        ).status_code
        for n in range(61)
    ]
    assert answers == [303] * 60 + [429]


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"email": ["a", "b"]}},
        {"json": {"email": 5}},
        {"data": "[" * 5000, "content_type": "application/json"},
    ],
)
def test_what_is_no_form_is_an_empty_one(client: FlaskClient, sent: dict[str, object]) -> None:
    with unchanged():
        answer = client.post("/login", **sent)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_file_for_a_text_is_no_text(client: FlaskClient) -> None:
    sent = {"email": (BytesIO(b"alice@bjuv.se"), "email.txt")}
    with unchanged():
        assert client.post("/login", data=sent, content_type="multipart/form-data").status_code == 422


def test_a_network_is_stopped_by_wrong_codes(client: FlaskClient, cast: Cast) -> None:
    client.post("/login", data={"email": cast.alice.email})
    wrong = f"{(int(latest_code()) + 1) % 1_000_000:06d}"
    answers = [client.post("/login/code", data={"code": wrong}).status_code for _ in range(102)]
    assert answers == [422] * 101 + [429], "the first try of a browser counts for nobody else"
