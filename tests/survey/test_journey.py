"""The survey on the journey: when it opens and closes, what is asked of whom, and the way to what came out."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from tests.cast import Cast
from tests.factories import NOW
from tests.released_surveys import make_released
from tests.survey_makers import (
    AFTERWARDS,
    MEASURING,
    answer_as,
    ask_statements,
    close_now,
    make_survey,
    people_answer,
)

As = Callable[[Person], FlaskClient]
_BEFORE = datetime(2026, 8, 20, 9, tzinfo=UTC)


def read(as_: As, person: Person, now: datetime, path: str = "/stages/2") -> str:
    """The page, without its tags."""
    with time_machine.travel(now, tick=False):
        page = as_(person).get(path).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")]))


def test_before_it_the_way_says_when_it_opens_and_closes(cast: Cast, as_: As) -> None:
    ask_statements()
    way = read(as_, cast.alice, _BEFORE)
    assert "7 sep Mätningen öppnar Samma frågor i varje etapp" in way
    assert "27 sep Mätningen stänger" in way


def test_a_programme_that_asks_nothing_has_no_survey_on_its_way(cast: Cast, as_: As) -> None:
    ask_statements([])
    for now in (_BEFORE, MEASURING, NOW):
        assert "Mätningen" not in read(as_, cast.alice, now)


def test_while_it_is_open_one_is_asked_to_answer(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    survey = make_survey(keys)
    way = read(as_, cast.alice, MEASURING)
    assert "Vad tänker du på när du hör Familjen?" in way
    assert "Nittio sekunder, anonymt, till och med 27 sep." in way
    assert "har svarat" not in way, "nothing is told of the first five"
    people_answer(survey, klippan=12)
    assert "har svarat" not in read(as_, cast.alice, MEASURING), "nothing is told between two nights"
    survey.answered_fives = 2
    db.session.commit()
    assert "Minst 10 har svarat." in read(as_, cast.alice, MEASURING)


@pytest.mark.parametrize("role", ["bob", "cora", "lena"])
def test_whoever_has_answered_is_thanked_and_nobody_else_can_tell(
    cast: Cast, as_: As, keys: SurveyKeys, role: str
) -> None:
    survey, alice, other = make_survey(keys), cast.alice, getattr(cast, role)
    untouched = read(as_, other, MEASURING)
    answer_as(survey, alice)
    db.session.commit()
    assert "Tack, du har svarat" in read(as_, alice, MEASURING)
    assert read(as_, other, MEASURING) == untouched


def test_a_moved_end_is_the_one_that_stands_there(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    survey = make_survey(keys)
    survey.ends_on = date(2026, 10, 5)
    db.session.commit()
    way = read(as_, cast.alice, AFTERWARDS)
    assert way.index("Göra börjar") < way.index("4 okt Mätningen stänger")
    assert "Vad tänker du på när du hör Familjen?" in way, "also when the acting has begun"
    answer_as(survey, cast.alice)
    db.session.commit()
    assert "Planera något konkret" in read(as_, cast.alice, AFTERWARDS), "then it is time to act"


def test_a_paused_one_is_not_asked_for(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    make_survey(keys).key_missing_since = MEASURING
    db.session.commit()
    way = read(as_, cast.alice, MEASURING)
    assert "Mätningen är pausad" in way
    assert "Vad tänker du på" not in way


def test_while_its_words_are_read_the_answers_are_on_their_way(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    people_answer(make_survey(keys), bjuv=7)
    way = read(as_, cast.alice, AFTERWARDS)
    assert "27 sep Mätningen stängde Svaren är på väg." in way
    assert "svarade" not in way


def test_when_it_is_released_the_way_leads_to_the_answers(cast: Cast, as_: As, keys: SurveyKeys) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=7, klippan=9, helsingborg=20)
    close_now(survey, keys)
    assert "Mätningen stängde 36 svarade. Se svaren" in read(as_, cast.alice, NOW)
    with time_machine.travel(NOW, tick=False):
        assert 'href="/survey/results/2"' in as_(cast.alice).get("/stages").text


def test_no_number_stands_where_it_is_withheld(cast: Cast, as_: As) -> None:
    make_released(2, [])
    way = read(as_, cast.alice, NOW)
    assert "Mätningen stängde Se svaren" in way


def test_the_journey_asks_as_often_whoever_answers(
    cast: Cast, as_: As, keys: SurveyKeys, queries: list[str]
) -> None:
    survey = make_survey(keys)

    def asks() -> int:
        read(as_, cast.alice, MEASURING)
        db.session.expire_all()
        queries.clear()
        read(as_, cast.alice, MEASURING)
        return len(queries)

    few = asks()
    people_answer(survey, bjuv=7, klippan=9)
    assert asks() == few
