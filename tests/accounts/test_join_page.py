"""Joining by a municipality's link."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.person import Person
from tests.accounts.code_mail import latest_code
from tests.cast import Cast
from tests.factories import municipality
from tests.unchanged import unchanged

FORM = {
    "email": "Karin.Lindqvist@bjuv.se",
    "name": "Karin  Lindqvist",
    "title": "bibliotekarie",
    "municipality": "bjuv",
    "informed": "y",
}


def join(client: FlaskClient, **changes: str) -> int:
    """Both steps; the status of the second, or of the first when it was refused."""
    first = client.post("/join/join-bjuv", data=FORM | changes)
    if first.status_code != 303:
        return first.status_code
    return client.post("/login/code", data={"code": latest_code()}).status_code


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_the_link_chooses_its_municipality(client: FlaskClient) -> None:
    page = client.get("/join/join-klippan").text
    assert 'value="klippan" checked' in page
    assert 'value="bjuv" checked' not in page
    assert "/privacy" in page


def test_the_code_makes_the_person_and_signs_in(client: FlaskClient) -> None:
    assert join(client) == 303
    karin = Person.by_email("karin.lindqvist@bjuv.se")
    assert karin
    assert (karin.name, karin.title, karin.role, karin.language) == (
        "Karin Lindqvist",
        "bibliotekarie",
        "participant",
        "sv",
    )
    assert municipality("bjuv").registered == 1
    assert client.get("/people/search").status_code == 200


def test_nobody_is_made_before_the_address_is_proved(client: FlaskClient) -> None:
    client.post("/join/join-bjuv", data=FORM)
    client.post("/login/code", data={"code": "000000"})
    assert people() == 0


def test_another_municipality_than_the_link_s_may_be_chosen(client: FlaskClient) -> None:
    join(client, municipality="klippan")
    assert municipality("klippan").registered == 1


def test_a_retry_doubles_nothing(client: FlaskClient, app: object) -> None:
    client.post("/join/join-bjuv", data=FORM)
    client.post("/join/join-bjuv", data=FORM)
    code = latest_code()
    assert client.post("/login/code", data={"code": code}).status_code == 303
    with unchanged():
        client.post("/login/code", data={"code": code})
    assert people() == 1
    assert municipality("bjuv").registered == 1


def test_who_is_here_already_is_just_signed_in(client: FlaskClient, cast: Cast) -> None:
    assert join(client, email=cast.alice.email, name="Somebody Else", municipality="klippan") == 303
    assert people() == 1
    assert (cast.alice.name, cast.alice.municipality.slug) == ("Alice Ahl", "bjuv")


def test_only_the_programme_s_domains_get_in_and_the_error_names_them(client: FlaskClient) -> None:
    with unchanged():
        answer = client.post("/join/join-bjuv", data=FORM | {"email": "karin@gmail.com"})
    assert answer.status_code == 422
    assert "bjuv.se, klippan.se, helsingborg.se" in answer.text
    assert 'value="karin@gmail.com"' in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"email": ""},
        {"email": "karin"},
        {"name": " "},
        {"name": "x" * 121},
        {"municipality": "paris"},
        {"municipality": ""},
        {"informed": ""},
        {"title": "x" * 121},
    ],
)
def test_an_incomplete_form_comes_back_filled(client: FlaskClient, changes: dict[str, str]) -> None:
    answers = {key: value for key, value in (FORM | changes).items() if value}
    with unchanged():
        answer = client.post("/join/join-bjuv", data=answers)
    assert answer.status_code == 422
    assert "err" in answer.text


def test_a_wrong_link_says_what_to_do(client: FlaskClient) -> None:
    with unchanged():
        answers = (client.get("/join/nonsense"), client.post("/join/nonsense", data=FORM))
    for answer in answers:
        assert answer.status_code == 404
        assert "samordnare" in answer.text


def test_changing_the_address_keeps_what_was_written(client: FlaskClient) -> None:
    client.post("/join/join-bjuv", data=FORM | {"municipality": "klippan"})
    assert 'href="/join/join-bjuv"' in client.get("/login/code").text
    page = client.get("/join/join-bjuv").text
    assert 'value="Karin Lindqvist"' in page
    assert 'value="klippan" checked' in page


def test_who_is_signed_in_is_led_to_the_feed(client: FlaskClient) -> None:
    join(client)
    assert client.get("/join/join-bjuv").location == "/"


def test_the_person_gets_the_language_they_read(client: FlaskClient) -> None:
    client.set_cookie("language", "en")
    join(client)
    karin = Person.by_email("karin.lindqvist@bjuv.se")
    assert karin
    assert karin.language == "en"


def test_codes_for_joining_are_limited_too(client: FlaskClient) -> None:
    answers = [client.post("/join/join-bjuv", data=FORM).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
