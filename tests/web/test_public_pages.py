"""Pages for everybody."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.models.programme import Programme
from tests.cast import Cast


@pytest.mark.parametrize(
    ("path", "swedish", "english"),
    [
        ("/", "Från ord till handling", "From words to action"),
        ("/login", "Skicka en kod", "Send me a code"),
        ("/privacy", "Så hanterar vi dina uppgifter", "How we handle personal data"),
        ("/accessibility", "Tillgänglighetsredogörelse", "Accessibility statement"),
    ],
)
def test_everybody_reads_them_in_both_languages(
    client: FlaskClient, path: str, swedish: str, english: str
) -> None:
    assert swedish in client.get(path).text
    answer = client.get(path, headers={"Accept-Language": "en-GB"})
    assert english in answer.text
    assert '<html lang="en"' in answer.text


def test_the_contacts_come_from_the_programme_file(client: FlaskClient) -> None:
    assert "mailto:" not in client.get("/privacy").text
    programme = Programme.current()
    assert programme
    programme.texts = {
        "privacy_contact": {"sv": "ombud@bjuv.se"},
        "accessibility_contact": {"sv": "fel@bjuv.se"},
    }
    db.session.commit()
    assert "mailto:ombud@bjuv.se" in client.get("/privacy").text
    assert "mailto:fel@bjuv.se" in client.get("/accessibility").text


def test_the_front_page_shows_the_programme(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "Vi blir en förebild." in page
    assert "Klippan" in page
    assert "/login" in page


def test_signed_in_people_read_them_too(as_: Callable[[Person], FlaskClient], cast: Cast) -> None:
    assert "Så hanterar vi dina uppgifter" in as_(cast.alice).get("/privacy").text


def test_the_language_is_remembered_in_the_browser(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "en", "next": "/privacy?"})
    assert (answer.status_code, answer.location) == (303, "/privacy")
    assert "How we handle personal data" in client.get("/privacy").text


def test_an_unknown_language_or_another_site_changes_nothing(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "xx", "next": "//evil.example"})
    assert answer.location == "/"
    assert "Set-Cookie" not in answer.headers
