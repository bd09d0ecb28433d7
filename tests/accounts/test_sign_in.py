"""Codes: ten minutes, five tries, the newest only, and nothing for strangers."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Mail
from app.models.person import Person
from app.models.sign_in import SignInCode
from app.services.accounts.sign_in import CodeCheck, mail_code, try_code
from tests.cast import Cast
from tests.factories import NOW

SECRET = "a secret for tests"


def ask(email: str, joining: bool = False) -> str:
    """Ask for a code and read it in the mail; empty when none was mailed."""
    mail_code(email, joining=joining, language="sv", secret=SECRET, now=NOW)
    mail = db.session.scalar(select(Mail).order_by(Mail.id.desc()))
    found = mail and re.search(r"\b\d{6}\b", mail.body)
    return found[0] if found else ""


def attempt(person: Person, code: str, after: timedelta = timedelta()) -> CodeCheck:
    return try_code(person.email, code, secret=SECRET, now=NOW + after)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_mailed_code_is_right_once(cast: Cast) -> None:
    code = ask(cast.alice.email.upper())
    assert attempt(cast.alice, code) is CodeCheck.RIGHT
    assert attempt(cast.alice, code) is CodeCheck.SPENT


def test_the_mail_is_in_the_person_s_language_and_useless_after_ten_minutes(cast: Cast) -> None:
    cast.alice.language = "en"
    code = ask(cast.alice.email)
    mail = db.session.scalars(select(Mail)).one()
    assert mail.subject == f"{code} is your code for Eldsjäl"
    assert mail.expires_at == NOW + timedelta(minutes=10)


def test_the_database_does_not_hold_the_code(cast: Cast) -> None:
    code = ask(cast.alice.email)
    kept = db.session.scalars(select(SignInCode)).one()
    assert code not in kept.code_hash
    assert try_code(cast.alice.email, code, secret="another secret", now=NOW) is CodeCheck.WRONG


@pytest.mark.parametrize(("seconds", "check"), [(599, CodeCheck.RIGHT), (600, CodeCheck.SPENT)])
def test_a_code_lives_ten_minutes(cast: Cast, seconds: int, check: CodeCheck) -> None:
    code = ask(cast.alice.email)
    assert attempt(cast.alice, code, timedelta(seconds=seconds)) is check


def test_after_five_wrong_tries_the_right_code_is_spent_too(cast: Cast) -> None:
    code = ask(cast.alice.email)
    assert [attempt(cast.alice, wrong(code)) for _ in range(5)] == [CodeCheck.WRONG] * 4 + [CodeCheck.SPENT]
    assert attempt(cast.alice, code) is CodeCheck.SPENT


def test_the_fifth_try_still_counts_when_it_is_right(cast: Cast) -> None:
    code = ask(cast.alice.email)
    for _ in range(4):
        attempt(cast.alice, wrong(code))
    assert attempt(cast.alice, code) is CodeCheck.RIGHT


def test_only_the_newest_code_works(cast: Cast) -> None:
    first, second = ask(cast.alice.email), ask(cast.alice.email)
    if first != second:
        assert attempt(cast.alice, first) is CodeCheck.WRONG
    assert attempt(cast.alice, second) is CodeCheck.RIGHT


def test_a_code_is_for_one_address(cast: Cast) -> None:
    code = ask(cast.alice.email)
    ask(cast.bob.email)
    assert attempt(cast.bob, code) is CodeCheck.WRONG


def test_a_stranger_is_mailed_nothing_but_leaves_the_same_trace(app: Flask) -> None:
    assert ask("nobody@bjuv.se") == ""
    assert db.session.scalars(select(Mail)).all() == []
    assert try_code("nobody@bjuv.se", "000000", secret=SECRET, now=NOW) is CodeCheck.WRONG


def test_who_is_about_to_join_gets_a_code(app: Flask) -> None:
    code = ask("ny@bjuv.se", joining=True)
    assert try_code("ny@bjuv.se", code, secret=SECRET, now=NOW) is CodeCheck.RIGHT


def test_who_has_left_is_a_stranger(cast: Cast) -> None:
    cast.alice.left_at = NOW
    assert ask(cast.alice.email) == ""


def test_old_codes_are_cleared_away(cast: Cast) -> None:
    ask(cast.alice.email)
    mail_code(cast.bob.email, joining=False, language="sv", secret=SECRET, now=NOW + timedelta(minutes=11))
    assert [code.email for code in db.session.scalars(select(SignInCode))] == [cast.bob.email]
