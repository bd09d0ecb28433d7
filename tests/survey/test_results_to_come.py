"""A stage whose survey has nothing to show: the page says why, and never shows an empty chart."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from tests.cast import Cast
from tests.factories import stage
from tests.survey_makers import AFTERWARDS, MEASURING, ask_statements, make_survey, people_answer

As = Callable[[Person], FlaskClient]


def read(as_: As, person: Person, now: datetime) -> str:
    with time_machine.travel(now, tick=False):
        answer = as_(person).get("/survey/results/2")
    assert answer.status_code == 200
    assert 'class="db"' not in answer.text
    return answer.text


def test_while_it_is_open_one_is_asked_to_answer(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    people_answer(make_survey(keys), bjuv=7)
    page = read(as_, cast.alice, MEASURING)
    assert "Mätningen pågår" in page
    assert 'href="/survey"' in page


def test_a_moved_end_keeps_it_open(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    make_survey(keys).ends_on = date(2026, 10, 5)
    db.session.commit()
    assert "Mätningen pågår" in read(as_, cast.alice, AFTERWARDS)


def test_while_the_words_are_read_it_says_so(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    people_answer(make_survey(keys), bjuv=7)
    page = read(as_, cast.alice, AFTERWARDS)
    assert "Svaren är på väg" in page
    assert "Gemenskap" not in page


@pytest.mark.parametrize(
    ("day", "sentence"), [(20, "Den öppnar 7 sep 2026."), (31 + 8, "Mätningen öppnar när som helst.")]
)
def test_before_it_opens_it_says_when(cast: Cast, as_: As, day: int, sentence: str) -> None:
    ask_statements()
    db.session.commit()
    assert sentence in read(as_, cast.alice, datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=day - 1))


def test_where_the_programme_asks_nothing_no_survey_is_announced(cast: Cast, as_: As) -> None:
    ask_statements([])
    db.session.commit()
    page = read(as_, cast.alice, datetime(2026, 8, 20, tzinfo=UTC))
    assert "Den öppnar" not in page
    assert "Etappen hade ingen mätning" in page


@pytest.mark.usefixtures("at_now")
def test_a_stage_without_one_says_so(cast: Cast, as_: As) -> None:
    assert stage().number == 2
    assert "Etappen hade ingen mätning" in as_(cast.alice).get("/survey/results/2").text
