"""However the address and the name are written at the door, it is one person, who can be mailed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.models.person import Person
from app.models.programme import Programme
from app.services.people.membership import joining_domains, may_join
from tests.accounts.code_mail import latest_code
from tests.accounts.test_join_page import FORM, join, people
from tests.unchanged import unchanged


@pytest.fixture(autouse=True)
def _a_domain_with_letters(client: FlaskClient) -> None:
    programme = Programme.current()
    assert programme
    programme.email_domains = [*programme.email_domains, "xn--ngelholm-zza.se"]
    db.session.commit()


@pytest.mark.parametrize(
    "spelling",
    ["karin@ängelholm.se", "KARIN@ÄNGELHOLM.SE", "karin@xn--ngelholm-zza.se", " karin@a\u0308ngelholm.se.\u200b",
     "ka\u200brin@ängelholm\uff0ese", "karin\uff20ängelholm.se", "\u202akarin@ängelholm.se\u202c"],
)  # fmt: skip
def test_every_spelling_joins_and_signs_in_as_the_same_person(client: FlaskClient, spelling: str) -> None:
    assert join(client, email="karin@ängelholm.se") == 303
    client.post("/logout")
    assert join(client, email=spelling) == 303
    client.post("/logout")
    assert client.post("/login", data={"email": spelling}).status_code == 303
    assert "karin@ängelholm.se" in client.get("/login/code").text
    assert 'value="karin@ängelholm.se"' in client.get("/login").text
    assert client.post("/login/code", data={"code": latest_code()}).status_code == 303
    assert people() == 1
    assert db.session.scalar(select(Person.email)) == "karin@xn--ngelholm-zza.se"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("åsa@bjuv.se", "bara bokstäverna a till z"),
        ("kаrin@bjuv.se", "bara bokstäverna a till z"),
        (f"{'k' * 65}@bjuv.se", "för lång"),
        ("karin@[127.0.0.1]", "ska se ut som namn@bjuv.se"),
        ('"karin"@bjuv.se', "ska se ut som namn@bjuv.se"),
        ("karin(x)@bjuv.se", "ska se ut som namn@bjuv.se"),
        ("karin@bjuv.se, bo@bjuv.se", "ska se ut som namn@bjuv.se"),
        ("karin@xn--zzzzzz99.se", "ska se ut som namn@bjuv.se"),
    ],
)
def test_what_no_mail_reaches_is_refused_at_both_doors(client: FlaskClient, address: str, said: str) -> None:
    with unchanged():
        answers = (
            client.post("/join/join-bjuv", data=FORM | {"email": address}),
            client.post("/login", data={"email": address}),
        )
    for answer in answers:
        assert answer.status_code == 422
        assert said in answer.text
    assert not may_join(address)


def test_the_domains_are_named_as_people_write_them(client: FlaskClient) -> None:
    answer = client.post("/join/join-bjuv", data=FORM | {"email": "karin@gmail.com"})
    assert "klippan.se, helsingborg.se, ängelholm.se" in answer.text
    assert all(may_join(f"karin@{domain}") for domain in joining_domains())


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("A\u030asa O\u0308berg", "Åsa Öberg"),
        ("\u200bKarin\u2060 \u202eLindqvist\u3164\u2800", "Karin Lindqvist"),
        ("Ka\u00adrin\u00a0\u00a0Lind\U000e0061qvist", "Karin Lindqvist"),
        ("Karin\x00\nLindqvist", "Karin Lindqvist"),
        ("Karin " + "z" + "\u0334" * 60, "Karin z" + "\u0334" * 4),
        ("علی\u200cرضا", "علی\u200cرضا"),
    ],
)
def test_a_name_is_stored_clean(client: FlaskClient, written: str, stored: str) -> None:
    assert join(client, name=written, title="\u200b") == 303
    assert db.session.execute(select(Person.name, Person.title)).one() == (stored, "")


@pytest.mark.parametrize(
    "name", ["\u200b", "\u3164 \u2800", "\U000e0041", "\u0301\u0301", "...", "😀", "- -", "\u00a0"]
)
def test_a_name_without_letters_is_none(client: FlaskClient, name: str) -> None:
    with unchanged():
        answer = client.post("/join/join-bjuv", data=FORM | {"name": name})
    assert answer.status_code == 422
    assert "Skriv förnamn och efternamn." in answer.text
    assert db.session.scalar(select(func.count(Person.id))) == 0
