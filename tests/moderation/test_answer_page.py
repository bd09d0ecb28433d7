"""Whose activity was hidden may answer back, once for each decision."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.moderation import Appeal
from app.models.person import Person
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide, uphold
from tests.cast import Cast
from tests.factories import NOW, make_activity
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
WORDS = {"text": "De har sagt ja, skriftligt."}


@pytest.fixture
def hidden(cast: Cast) -> Activity:
    activity = make_activity(cast.alice)
    hide(activity, cast.cora, "consent", "Fråga föräldrarna först.", NOW)
    db.session.commit()
    return activity


def _url(activity: Activity) -> str:
    return f"/moderation/answer/{activity.id}"


def test_the_author_reads_why_and_answers(hidden: Activity, cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    page = alice.get(_url(hidden)).text
    assert "Samtycke saknas" in page
    assert "Fråga föräldrarna först." in page
    answer = alice.post(_url(hidden), data=WORDS)
    assert answer.headers["Location"] == f"/moderation/answer/{hidden.id}"
    assert db.session.scalars(select(Appeal.text)).all() == [WORDS["text"]]
    assert WORDS["text"] in alice.get(_url(hidden)).text


@pytest.mark.parametrize("who", ["bob", "cora", "kim", "lena"])
def test_nobody_answers_for_the_author(hidden: Activity, cast: Cast, as_: As, who: str) -> None:
    browser = as_(getattr(cast, who))
    with unchanged():
        page = browser.get(_url(hidden))
        assert (page.status_code, "Fråga föräldrarna först." in page.text) == (404, False)
        assert browser.post(_url(hidden), data=WORDS).status_code == 404


def test_what_is_not_hidden_has_nothing_to_answer(cast: Cast, as_: As) -> None:
    activity, alice = make_activity(cast.alice), as_(cast.alice)
    with unchanged():
        assert alice.post(_url(activity), data=WORDS).status_code == 404


def test_an_empty_answer_comes_back_as_a_page_or_a_fragment(
    hidden: Activity, cast: Cast, as_: As, hx: dict[str, str]
) -> None:
    alice = as_(cast.alice)
    for headers, begins in (({}, "<!doctype html>"), (hx, '<div id="answer">')):
        with unchanged():
            answer = alice.post(_url(hidden), data={"text": " "}, headers=headers)
        assert answer.status_code == 422
        assert "Skriv ditt svar." in answer.text
        assert answer.text.lstrip().startswith(begins)


def test_a_settled_answer_stands(hidden: Activity, cast: Cast, as_: As) -> None:
    answer_back(hidden, cast.alice, "Men snälla.", NOW)
    uphold(hidden, cast.lena, NOW)
    db.session.commit()
    alice = as_(cast.alice)
    assert "Beslutet står fast" in alice.get(_url(hidden)).text
    with unchanged():
        alice.post(_url(hidden), data=WORDS)
    assert db.session.scalars(select(Appeal.text)).all() == ["Men snälla."]
