"""Codes: ten minutes, five tries, for the browser that asked only, and nothing for strangers."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.notification import Mail
from app.models.person import Person
from app.models.sign_in import SignInCode
from app.services.accounts.devices import begin_session, devices_of, end_all_sessions, end_session
from app.services.accounts.sign_in import CodeCheck, CodeTrial, mail_code, try_code, void_codes, was_tried
from tests.cast import Cast
from tests.factories import NOW

SECRET = "a secret for tests"
HERE, ELSEWHERE = "this browser", "another browser"


def ask(email: str, joining: bool = False, browser: str = HERE) -> str:
    """Ask for a code and read it in the mail; empty when none was mailed."""
    mail_code(browser, email, joining=joining, language="sv", secret=SECRET, now=NOW)
    mail = db.session.scalar(select(Mail).order_by(Mail.id.desc()))
    found = mail and re.search(r"\b\d{6}\b", mail.body)
    return found[0] if found else ""


def attempt(
    person: Person, code: str, after: timedelta = timedelta(), *, browser: str = HERE, secret: str = SECRET
) -> CodeTrial:
    return try_code(browser, person.email, code, secret=secret, now=NOW + after)


def check(person: Person, code: str, after: timedelta = timedelta(), browser: str = HERE) -> CodeCheck:
    return attempt(person, code, after, browser=browser).check


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_mailed_code_is_right_as_often_as_it_is_typed(cast: Cast) -> None:
    """The answer may have been lost. It is the same session each time."""
    code = ask(cast.alice.email.upper())
    trials = [attempt(cast.alice, code) for _ in range(7)]
    assert {trial.check for trial in trials} == {CodeCheck.RIGHT}
    assert len({trial.session_token for trial in trials}) == 1
    assert check(cast.alice, wrong(code)) is CodeCheck.WRONG


def test_a_code_opens_a_session_of_its_own(cast: Cast) -> None:
    tokens = [attempt(cast.alice, ask(cast.alice.email)).session_token for _ in range(2)]
    tokens.append(attempt(cast.bob, ask(cast.bob.email)).session_token)
    tokens.append(
        attempt(cast.alice, ask(cast.alice.email, browser=ELSEWHERE), browser=ELSEWHERE).session_token
    )
    assert len(set(tokens)) == 4
    assert attempt(cast.alice, "x").session_token == ""


@pytest.mark.parametrize(
    "end", [end_all_sessions, lambda person, now: end_session(devices_of(person)[0], now)]
)
def test_a_code_whose_session_was_ended_is_spent(cast: Cast, end: Callable[[Person, datetime], None]) -> None:
    code, other_code = ask(cast.alice.email), ask(cast.alice.email)
    begin_session(cast.alice, "", NOW, attempt(cast.alice, code).session_token)
    assert check(cast.alice, code) is CodeCheck.RIGHT
    end(cast.alice, NOW)
    db.session.flush()
    assert check(cast.alice, code) is CodeCheck.SPENT
    if code != other_code:
        assert check(cast.alice, other_code) is CodeCheck.RIGHT


def test_voided_codes_are_spent_in_that_browser_alone(cast: Cast) -> None:
    here, elsewhere = ask(cast.alice.email), ask(cast.alice.email, browser=ELSEWHERE)
    void_codes(HERE, secret=SECRET)
    assert check(cast.alice, here) is CodeCheck.SPENT
    assert check(cast.alice, elsewhere, browser=ELSEWHERE) is CodeCheck.RIGHT


def test_a_code_is_for_the_browser_that_asked(cast: Cast) -> None:
    code = ask(cast.alice.email)
    assert check(cast.alice, code, browser=ELSEWHERE) is CodeCheck.SPENT
    other_code = ask(cast.alice.email, browser=ELSEWHERE)
    if code != other_code:
        assert check(cast.alice, code, browser=ELSEWHERE) is CodeCheck.WRONG
    assert check(cast.alice, code) is CodeCheck.RIGHT


def test_nobody_elsewhere_uses_up_the_tries(cast: Cast) -> None:
    code = ask(cast.alice.email)
    for browser in ("one", "two", "three"):
        other_code = ask(cast.alice.email, browser=browser)
        for _ in range(6):
            check(cast.alice, wrong(other_code), browser=browser)
    assert check(cast.alice, code) is CodeCheck.RIGHT


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
    assert HERE not in kept.browser_hash
    assert attempt(cast.alice, code, secret="another secret").check is CodeCheck.SPENT


@pytest.mark.parametrize(("seconds", "result"), [(599, CodeCheck.RIGHT), (600, CodeCheck.SPENT)])
def test_a_code_lives_ten_minutes(cast: Cast, seconds: int, result: CodeCheck) -> None:
    code = ask(cast.alice.email)
    assert check(cast.alice, code, timedelta(seconds=seconds)) is result


def test_a_code_that_was_right_lives_no_longer(cast: Cast) -> None:
    code = ask(cast.alice.email)
    assert check(cast.alice, code) is CodeCheck.RIGHT
    assert check(cast.alice, code, timedelta(seconds=600)) is CodeCheck.SPENT


def test_after_five_wrong_tries_the_right_code_is_spent_too(cast: Cast) -> None:
    code = ask(cast.alice.email)
    assert [check(cast.alice, wrong(code)) for _ in range(5)] == [CodeCheck.WRONG] * 4 + [CodeCheck.SPENT]
    assert check(cast.alice, code) is CodeCheck.SPENT


def test_the_fifth_try_still_counts_when_it_is_right(cast: Cast) -> None:
    code = ask(cast.alice.email)
    for _ in range(4):
        check(cast.alice, wrong(code))
    assert check(cast.alice, code) is CodeCheck.RIGHT
    assert check(cast.alice, code) is CodeCheck.RIGHT


def test_each_code_that_this_browser_asked_for_works(cast: Cast) -> None:
    """People type the one from the first mail that they find."""
    codes = [ask(cast.alice.email) for _ in range(3)]
    assert [check(cast.alice, code) for code in codes] == [CodeCheck.RIGHT] * 3


def test_a_new_code_has_tries_of_its_own(cast: Cast) -> None:
    tried_code = ask(cast.alice.email)
    for _ in range(5):
        check(cast.alice, wrong(tried_code))
    assert check(cast.alice, ask(cast.alice.email)) is CodeCheck.RIGHT


def test_several_codes_give_no_more_than_five_tries_each(cast: Cast) -> None:
    codes = [ask(cast.alice.email) for _ in range(3)]
    guess = next(f"{number:06d}" for number in range(4) if f"{number:06d}" not in codes)
    assert [check(cast.alice, guess) for _ in range(6)] == [CodeCheck.WRONG] * 4 + [CodeCheck.SPENT] * 2


def test_a_code_is_for_one_address(cast: Cast) -> None:
    code, other_code = ask(cast.alice.email), ask(cast.bob.email)
    if code != other_code:
        assert check(cast.bob, code) is CodeCheck.WRONG


def test_the_first_try_is_known_from_the_others(cast: Cast) -> None:
    def tried(browser: str = HERE, person: Person = cast.alice) -> bool:
        return was_tried(browser, person.email, secret=SECRET)

    code = ask(cast.alice.email)
    assert not tried()
    check(cast.alice, wrong(code))
    ask(cast.alice.email)
    assert tried()
    assert not tried(ELSEWHERE)
    assert not tried(person=cast.bob)


def test_a_stranger_is_mailed_nothing_but_leaves_the_same_trace(app: Flask) -> None:
    assert ask("nobody@bjuv.se") == ""
    assert db.session.scalars(select(Mail)).all() == []
    assert try_code(HERE, "nobody@bjuv.se", "x", secret=SECRET, now=NOW).check is CodeCheck.WRONG


def test_who_is_about_to_join_gets_a_code(app: Flask) -> None:
    code = ask("ny@bjuv.se", joining=True)
    assert try_code(HERE, "ny@bjuv.se", code, secret=SECRET, now=NOW).check is CodeCheck.RIGHT


def test_who_has_left_is_a_stranger(cast: Cast) -> None:
    cast.alice.left_at = NOW
    assert ask(cast.alice.email) == ""


def test_old_codes_are_cleared_away(cast: Cast) -> None:
    ask(cast.alice.email)
    later = NOW + timedelta(minutes=11)
    mail_code(HERE, cast.bob.email, joining=False, language="sv", secret=SECRET, now=later)
    assert [code.email for code in db.session.scalars(select(SignInCode))] == [cast.bob.email]
