"""What stands on the survey's page when it cannot be answered, and what becomes of an answer that comes then."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.programme import Programme
from app.models.stage import Stage
from app.models.survey import Survey
from app.services.survey.box import check_key
from tests.cast import Cast
from tests.survey.box import participants, text_of
from tests.survey_makers import AFTERWARDS, ENDS_ON, MEASURING, ask_statements, close_now

pytestmark = pytest.mark.usefixtures("measuring")

As = Callable[[Person], FlaskClient]

_ONE_WORD = {"stage": "2", "word_1": "Gemenskap", "mood_1": "positive"}


def test_what_comes_after_the_end_is_told_so_and_not_taken(
    survey: Survey, cast: Cast, as_: As, measuring: time_machine.Traveller
) -> None:
    alice = as_(cast.alice)
    measuring.move_to(AFTERWARDS)
    answer = alice.post("/survey", data=_ONE_WORD)
    assert answer.status_code == 409
    assert "Mätningen stängde innan ditt svar kom fram." in text_of(answer)
    assert 'data-draft-done="survey-2"' in answer.text
    assert not participants()


def test_a_form_of_another_survey_is_not_taken_for_this_one(survey: Survey, cast: Cast, as_: As) -> None:
    for number in ("1", "", "2<b>"):
        answer = as_(cast.alice).post("/survey", data=_ONE_WORD | {"stage": number})
        assert answer.status_code == 409
        assert "<b>" not in answer.text
    assert not participants()


def test_while_the_key_is_missing_nothing_is_taken_and_what_was_written_comes_back(
    survey: Survey, keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    keys.destroy(2)
    check_key(survey, keys, MEASURING)
    db.session.commit()
    alice = as_(cast.alice)
    page = alice.get("/survey")
    assert "Mätningen tar en paus." in text_of(page)
    assert "data-draft-done" not in page.text
    answer = alice.post("/survey", data=_ONE_WORD)
    assert answer.status_code == 422
    assert "nyckeln till lådan saknas" in answer.text
    assert 'value="Gemenskap"' in answer.text
    assert not participants()


def test_who_has_answered_sees_the_thanks_also_while_it_is_paused(
    survey: Survey, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    alice.post("/survey", data=_ONE_WORD)
    survey.key_missing_since = MEASURING
    db.session.commit()
    assert "Tack! Ditt svar ligger i lådan." in text_of(alice.get("/survey"))


def test_before_it_opens_it_says_when(cast: Cast, as_: As, measuring: time_machine.Traveller) -> None:
    ask_statements()
    db.session.commit()
    assert "Mätningen öppnar när som helst." in text_of(as_(cast.alice).get("/survey"))
    measuring.move_to(datetime(2026, 8, 20, 8, tzinfo=UTC))
    assert "Mätningen öppnar den 7 sep." in text_of(as_(cast.alice).get("/survey"))


def test_a_programme_that_asks_nothing_promises_nothing(cast: Cast, as_: As) -> None:
    db.session.get_one(Programme, 1).statements = []
    db.session.commit()
    assert "Just nu finns ingen mätning att svara på." in text_of(as_(cast.alice).get("/survey"))


def test_between_its_end_and_its_release_it_says_when_the_results_come(
    survey: Survey, cast: Cast, as_: As, measuring: time_machine.Traveller
) -> None:
    alice = as_(cast.alice)
    measuring.move_to(AFTERWARDS)
    page = text_of(alice.get("/survey"))
    assert "Mätningen är stängd." in page
    assert "senast den 5 okt" in page


def test_afterwards_it_says_that_it_is_done(
    survey: Survey, keys: SurveyKeys, cast: Cast, as_: As, measuring: time_machine.Traveller
) -> None:
    close_now(survey, keys)
    alice = as_(cast.alice)
    measuring.move_to(AFTERWARDS)
    assert "Svaren i etapp 2 är räknade." in text_of(alice.get("/survey"))


def test_a_later_stage_says_when_the_next_one_opens(
    survey: Survey, keys: SurveyKeys, cast: Cast, as_: As, measuring: time_machine.Traveller
) -> None:
    close_now(survey, keys)
    days = (date(2027, 2, 1), date(2027, 2, 15), date(2027, 5, 3), date(2027, 6, 1))
    dates = dict(zip(("measure_on", "activate_on", "learn_on", "end_on"), days, strict=True))
    db.session.add(Stage(number=3, name={"sv": "Hela vägen"}, theme={"sv": "Vi går."}, **dates))
    db.session.commit()
    alice = as_(cast.alice)
    measuring.move_to(AFTERWARDS)
    assert "Nästa öppnar den 1 feb." in text_of(alice.get("/survey"))


def test_the_last_day_is_the_one_before_the_end(
    survey: Survey, cast: Cast, as_: As, measuring: time_machine.Traveller
) -> None:
    measuring.move_to(datetime(2026, 9, 27, 21, 59, tzinfo=UTC))
    assert survey.last_day == ENDS_ON - timedelta(days=1)
    assert as_(cast.alice).post("/survey", data=_ONE_WORD).status_code == 303
