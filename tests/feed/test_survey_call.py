"""The call to answer the survey, in the feed's head."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Survey
from tests.cast import Cast
from tests.survey_makers import AFTERWARDS, MEASURING, answer_as, make_survey

As = Callable[[Person], FlaskClient]

_CALL = 'id="survey-call"'


@pytest.fixture(autouse=True)
def measuring() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MEASURING, tick=False) as clock:
        yield clock


@pytest.fixture
def survey(cast: Cast, tmp_path: Path) -> Survey:
    made = make_survey(SurveyKeys(tmp_path))
    db.session.commit()
    return made


def test_it_calls_whoever_has_not_answered(survey: Survey, cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/").text
    assert _CALL in page
    assert "Vad tänker du på när du hör Familjen?" in page
    assert "Nittio sekunder, anonymt, till och med 27 sep." in page
    assert 'href="/survey"' in page


def test_in_english_too(survey: Survey, cast: Cast, as_: As) -> None:
    cast.alice.language = "en"
    db.session.commit()
    assert "Ninety seconds, anonymously, until 27 Sep" in as_(cast.alice).get("/").text


def test_who_has_answered_is_left_in_peace(survey: Survey, cast: Cast, as_: As) -> None:
    alice, bob = as_(cast.alice), as_(cast.bob)
    answer_as(survey, cast.alice)
    db.session.commit()
    assert _CALL not in alice.get("/").text
    assert _CALL in bob.get("/").text


def test_there_is_none_while_it_cannot_be_answered(
    survey: Survey, cast: Cast, as_: As, measuring: time_machine.Traveller
) -> None:
    alice = as_(cast.alice)
    survey.key_missing_since = MEASURING
    db.session.commit()
    assert _CALL not in alice.get("/").text
    survey.key_missing_since = None
    db.session.commit()
    assert _CALL in alice.get("/").text
    measuring.move_to(AFTERWARDS)
    assert _CALL not in alice.get("/").text


def test_it_asks_one_thing_more_while_one_is_open_and_nothing_otherwise(
    cast: Cast, as_: As, queries: list[str], tmp_path: Path, measuring: time_machine.Traveller
) -> None:
    alice, bob = as_(cast.alice), as_(cast.bob)
    bob_id = cast.bob.id

    def asked_of_surveys() -> list[str]:
        alice.get("/")  # the first time, what a process keeps is read too
        db.session.remove()
        queries.clear()
        alice.get("/")
        bob.get("/")
        return [query for query in queries if "survey" in query]

    assert asked_of_surveys() == []
    survey = make_survey(SurveyKeys(tmp_path))
    answer_as(survey, db.session.get_one(Person, bob_id))
    db.session.commit()
    measuring.shift(86_400)  # another day, so that what is kept is not believed
    assert len(asked_of_surveys()) == 2
