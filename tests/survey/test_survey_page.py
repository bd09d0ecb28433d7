"""The page on which the survey is answered, and what stands there when it cannot be."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.sign_in import DeviceSession
from app.models.survey import Survey
from app.services.survey.ballot import Answers, Association
from tests.cast import Cast
from tests.survey.box import in_box, participants, text_of
from tests.survey_makers import (
    STATEMENTS,
    make_survey,
)

pytestmark = pytest.mark.usefixtures("measuring")

As = Callable[[Person], FlaskClient]

_HONEST = (
    "Medan mätningen är öppen kan den som driver servern tekniskt komma åt svaren, och programkontoret läser orden "
    "utan namn och kommun. Sedan slängs svar och nyckel, och vi visar bara grupper om minst sex. I en liten grupp kan "
    "någon ändå gissa vad du tyckt."
)
_ONE_WORD = {"stage": "2", "word_1": "Gemenskap", "mood_1": "positive"}


def test_it_asks_for_words_and_statements_and_says_what_anonymous_means(
    survey: Survey, cast: Cast, as_: As
) -> None:
    answer = as_(cast.alice).get("/survey")
    assert answer.status_code == 200
    page = text_of(answer)
    assert "Vad tänker du på när du hör Familjen?" in page
    assert _HONEST in page
    assert [page.index(one["text"]["sv"]) for one in STATEMENTS] == sorted(
        page.index(one["text"]["sv"]) for one in STATEMENTS
    )
    assert answer.text.count('class="mood"') == 3
    assert re.findall(r'<draft-form[^>]*key="survey-2" days="1"', answer.text)


def test_in_english_a_statement_without_english_stays_swedish(survey: Survey, cast: Cast, as_: As) -> None:
    cast.alice.language = "en"
    page = text_of(as_(cast.alice).get("/survey"))
    assert "What do you think of when you hear Familjen?" in page
    assert "I gladly take part." in page
    assert "Det känns frivilligt." in page
    assert "somebody may still guess what you thought." in page


def test_statements_of_a_group_stand_together_whatever_their_order_in_the_file(
    keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    survey = make_survey(keys)
    survey.statements = [STATEMENTS[3], STATEMENTS[0], STATEMENTS[2], STATEMENTS[1]]
    db.session.commit()
    alice = as_(cast.alice)
    names = re.findall(r'name="(mark_\d+)" value="1"', alice.get("/survey").text)
    assert names == ["mark_1", "mark_3", "mark_2", "mark_0"]
    alice.post("/survey", data={"stage": "2", "mark_0": "5", "mark_1": "2"})
    assert in_box(keys) == [Answers(cast.alice.municipality_id, (), (5, 2, None, None))]


def test_a_mark_that_was_taken_back_is_left_out(
    survey: Survey, keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    assert re.findall(r'name="(mark_\d)" value=""', alice.get("/survey").text) == [
        "mark_0",
        "mark_1",
        "mark_2",
        "mark_3",
    ]
    alice.post("/survey", data={"stage": "2", "mark_0": "", "mark_1": "2", "mark_2": "", "mark_3": ""})
    assert in_box(keys) == [Answers(cast.alice.municipality_id, (), (None, 2, None, None))]


def test_an_answer_is_put_into_the_box_once_and_thanked_for(
    survey: Survey, keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    alice = as_(cast.alice)
    sent = alice.post(
        "/survey", data=_ONE_WORD | {"word_3": "  Nya\u200b  vägar ", "mood_3": "neutral", "mark_2": "4"}
    )
    assert (sent.status_code, sent.location) == (303, "/survey")
    (answers,) = in_box(keys)
    assert answers.municipality_id == cast.alice.municipality_id
    assert answers.words == (Association("Gemenskap", "positive"), Association("Nya vägar", "neutral"))  # type: ignore[arg-type]
    assert answers.marks == (None, None, 4, None)
    assert participants() == [cast.alice.id]
    for _visit in range(2):
        page = alice.get("/survey")
        assert "Tack! Ditt svar ligger i lådan." in text_of(page)
        assert "öppen till och med 27 sep. Senast den 5 okt får alla se" in text_of(page)
        assert 'data-draft-done="survey-2"' in page.text
        assert "Gemenskap" not in page.text


def test_a_second_answer_is_refused_kindly_and_the_first_one_stays(
    survey: Survey, keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    """From another device, or from a tab that was open; or the first again, since its reply was lost."""
    as_(cast.alice).post("/survey", data=_ONE_WORD)
    other = as_(cast.alice)
    again = other.post("/survey", data=_ONE_WORD | {"word_1": "Otydligt"}, follow_redirects=True)
    assert again.status_code == 200
    assert "Ditt svar låg redan i lådan. Det första gäller." in text_of(again)
    assert [answers.words[0].word for answers in in_box(keys)] == ["Gemenskap"]


def test_an_empty_form_is_refused_kindly(survey: Survey, cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post("/survey", data={"stage": "2", "word_1": " \u200b ", "mood_1": "positive"})
    assert answer.status_code == 422
    assert "Det var tomt. Skriv ett ord med en känsla" in text_of(answer)
    assert participants() == []


@pytest.mark.parametrize("mood", ["", "angry"])
def test_a_word_needs_its_mood_and_the_form_comes_back_filled(
    survey: Survey, cast: Cast, as_: As, mood: str
) -> None:
    data = {
        "stage": "2",
        "word_2": "Möten",
        "mood_2": mood,
        "word_1": "Gemenskap",
        "mood_1": "positive",
        "mark_0": "3",
    }
    answer = as_(cast.alice).post("/survey", data=data)
    assert answer.status_code == 422
    assert answer.text.count("Välj hur ordet känns: positivt, neutralt eller negativt.") == 2
    assert 'href="#mood_2"' in answer.text
    assert re.search(r'<input[^>]*name="word_2"[^>]*value="Möten"', answer.text)
    assert re.search(r'name="mood_1" value="positive" checked', answer.text)
    assert re.search(r'name="mark_0" value="3" checked', answer.text)
    assert participants() == []


def test_a_mood_without_a_word_is_left_out(survey: Survey, keys: SurveyKeys, cast: Cast, as_: As) -> None:
    as_(cast.alice).post("/survey", data=_ONE_WORD | {"mood_2": "negative"})
    assert [len(answers.words) for answers in in_box(keys)] == [1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"word_1": "o" * 31}, "Högst 30 tecken."),
        ({"mark_0": "6"}, "Välj 1 till 5."),
        ({"mark_0": "nej"}, "Välj 1 till 5."),
    ],
)
def test_what_the_form_does_not_allow_is_refused(
    survey: Survey, cast: Cast, as_: As, wrong: dict[str, str], said: str
) -> None:
    answer = as_(cast.alice).post("/survey", data=_ONE_WORD | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert participants() == []


def test_thirty_characters_of_any_script_and_all_statements_fit(
    survey: Survey, keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    words = {f"word_{number}": "🌾" * 30 for number in (1, 2, 3)}
    moods = {f"mood_{number}": "negative" for number in (1, 2, 3)}
    marks = {f"mark_{number}": "5" for number in range(len(STATEMENTS))}
    assert as_(cast.alice).post("/survey", data={"stage": "2"} | words | moods | marks).status_code == 303
    assert [len(one.word) for one in in_box(keys)[0].words] == [30, 30, 30]


def test_a_body_of_more_than_eight_kilobytes_is_refused_with_our_page(
    survey: Survey, cast: Cast, as_: As
) -> None:
    answer = as_(cast.alice).post("/survey", data=_ONE_WORD | {"more": "x" * 8192})
    assert answer.status_code == 413
    assert "Det var mer än formuläret rymmer." in answer.text
    assert participants() == []


def test_strangers_are_sent_to_sign_in_and_back(survey: Survey, client: FlaskClient) -> None:
    asked = client.get("/survey")
    sent = client.post("/survey", data=_ONE_WORD, headers={"Referer": "http://localhost/survey"})
    for answer in (asked, sent):
        assert (answer.status_code, answer.location) == (303, "/login?next=/survey")
    assert participants() == []


def test_everybody_who_is_signed_in_may_answer(survey: Survey, cast: Cast, as_: As) -> None:
    people = [cast.alice, cast.cora, cast.lena, cast.stig]
    for person in people:
        assert as_(person).post("/survey", data=_ONE_WORD).status_code == 303
    assert sorted(participants()) == sorted(person.id for person in people)


def test_neither_the_visit_nor_the_answer_leaves_a_time_behind(
    survey: Survey, cast: Cast, as_: As, measuring: time_machine.Traveller
) -> None:
    """Pages note when a device was used last; beside a ballot that would be who, and when."""
    alice = as_(cast.alice)
    seen = select(func.max(DeviceSession.seen_at)).where(DeviceSession.person_id == cast.alice.id)
    before = db.session.scalar(seen)
    measuring.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    survey.ends_on = date(2026, 12, 24)
    db.session.commit()
    assert alice.get("/survey").headers["Cache-Control"] == "no-store"
    assert alice.post("/survey", data=_ONE_WORD).headers["Cache-Control"] == "no-store"
    assert db.session.scalar(seen) == before
    alice.get("/settings")
    assert db.session.scalar(seen) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_answering_asks_the_database_as_often_whoever_has_answered(
    survey: Survey, cast: Cast, as_: As, queries: list[str]
) -> None:
    counts = []
    browsers = [as_(person) for person in (cast.alice, cast.bob, cast.charlie)]
    for browser in browsers:
        browser.get("/survey")
        db.session.remove()
        queries.clear()
        browser.post("/survey", data=_ONE_WORD)
        counts.append(len(queries))
    assert len(set(counts)) == 1
