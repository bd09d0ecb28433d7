"""The survey as those who lead the programme see it, and what they can do about it."""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.notification import Notification
from app.models.person import Person
from app.models.stage import Phase
from app.models.survey import Survey
from app.services.programme.clock import local_today
from app.services.stages.advance import advance_stage
from app.services.survey.box import count_about
from app.services.survey.closing import put_away
from app.services.survey.publication import PUBLICATIONS, published
from app.services.survey.tending import tend
from tests.cast import Cast
from tests.factories import NOW, make_person, stage
from tests.survey.web_keys import share_with_web
from tests.survey_makers import (
    AFTERWARDS,
    MEASURING,
    answer_as,
    ask_statements,
    close_now,
    make_survey,
    people_answer,
)
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
_PAGE = "/admin/surveys/2"


@pytest.fixture
def survey(shared_keys: SurveyKeys, measuring: time_machine.Traveller) -> Survey:
    """Open, on its ninth day."""
    return make_survey(shared_keys)


def _tend(keys: SurveyKeys, now: datetime) -> None:
    tend(keys, now, commit=db.session.commit)


@pytest.mark.parametrize("path", [_PAGE, f"{_PAGE}/words"])
def test_only_leads_see_it(survey: Survey, cast: Cast, as_: As, client: FlaskClient, path: str) -> None:
    assert as_(cast.lena).get(path).status_code in (200, 303)
    for person in (cast.alice, cast.cora, cast.stig):
        assert as_(person).get(path).status_code == 403
    assert "/login" in client.get(path).location


@pytest.mark.parametrize("action", ["end", "words", "release", "blanked-words"])
def test_only_leads_change_it(survey: Survey, cast: Cast, as_: As, action: str) -> None:
    people = [as_(person) for person in (cast.alice, cast.cora, cast.stig)]
    with unchanged():
        for person in people:
            assert person.post(f"{_PAGE}/{action}", data={"last_day": "2026-09-20"}).status_code == 403


def test_a_stage_or_survey_that_is_not_there_is_not_found(
    cast: Cast, as_: As, shared_keys: SurveyKeys
) -> None:
    lena = as_(cast.lena)
    assert lena.get("/admin/surveys/9").status_code == 404
    assert lena.get("/admin/surveys/1/words").status_code == 404
    for action in ("end", "words", "release", "blanked-words"):
        assert lena.post(f"/admin/surveys/1/{action}").status_code == 404


@pytest.mark.usefixtures("measuring")
def test_before_it_is_opened_the_page_says_when(cast: Cast, as_: As, shared_keys: SurveyKeys) -> None:
    lena = as_(cast.lena)
    assert "inga påståenden" in lena.get(_PAGE).text
    ask_statements()
    db.session.commit()
    assert "inom en minut" in lena.get(_PAGE).text
    assert "gick vidare utan mätning" in lena.get("/admin/surveys/1").text
    stage().measure_on = date(2026, 9, 21)
    db.session.commit()
    assert "öppnar av sig själv den 21 sep" in lena.get(_PAGE).text


def test_while_it_is_open_the_page_tells_no_more_than_last_nights_fives(
    survey: Survey, cast: Cast, as_: As
) -> None:
    lena = as_(cast.lena)
    for _ in range(14):
        answer_as(survey, make_person())
    page = lena.get(_PAGE).text
    assert "till och med kvällen den 27 sep" in page
    assert "hade svarat" not in page
    count_about(survey)
    db.session.commit()
    assert "Minst 10 hade svarat i natt." in lena.get(_PAGE).text
    assert "Öppen" in lena.get("/admin").text


def test_its_end_is_moved_a_day_ahead_and_twice_does_no_harm(survey: Survey, cast: Cast, as_: As) -> None:
    lena = as_(cast.lena)
    for _ in range(2):
        answer = lena.post(f"{_PAGE}/end", data={"last_day": "2026-09-15"})
        assert (answer.status_code, answer.location) == (303, _PAGE)
    assert (survey.ends_on, survey.moved_by_id) == (date(2026, 9, 16), cast.lena.id)


@pytest.mark.parametrize(
    "day", ["2026-09-14", "2026-10-12", "9999-12-31", "0001-01-01", "", "i morgon", "2026-02-30"]
)
def test_another_day_is_refused_with_a_sentence(survey: Survey, cast: Cast, as_: As, day: str) -> None:
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post(f"{_PAGE}/end", data={"last_day": day})
    assert answer.status_code == 422
    assert 'id="last_day-error"' in answer.text
    assert f'value="{day}"' in answer.text


def test_the_end_of_what_has_ended_is_not_moved(survey: Survey, cast: Cast, as_: As) -> None:
    db.session.commit()
    with time_machine.travel(AFTERWARDS, tick=False):
        lena = as_(cast.lena)
        with unchanged():
            answer = lena.post(f"{_PAGE}/end", data={"last_day": "2026-09-30"}, follow_redirects=True)
    assert answer.status_code == 422
    assert "Mätningen är slut" in answer.text


def test_moving_the_stage_to_act_ends_it_tomorrow(survey: Survey, cast: Cast) -> None:
    advance_stage(stage(), by=cast.lena, now=MEASURING, to=Phase.ACTIVATE)
    assert survey.ends_on == local_today(MEASURING) + timedelta(days=1)


def test_moving_the_stage_to_act_never_makes_it_longer(survey: Survey, cast: Cast) -> None:
    survey.ends_on = local_today(MEASURING)
    db.session.flush()
    advance_stage(stage(), by=cast.lena, now=MEASURING, to=Phase.ACTIVATE)
    assert survey.ends_on == local_today(MEASURING)


def test_without_its_key_the_page_says_what_to_do(
    survey: Survey, shared_keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    lena = as_(cast.lena)
    shared_keys.destroy(2)
    _tend(shared_keys, MEASURING)
    page = lena.get(_PAGE).text
    assert "Mätningens nyckel saknas" in page
    assert "Ingen kan svara just nu" in page
    with time_machine.travel(AFTERWARDS, tick=False):
        assert "ingen kan räkna dem" in as_(cast.lena).get(_PAGE).text


@pytest.mark.parametrize("now", [MEASURING, AFTERWARDS])
def test_a_web_server_without_the_directory_is_told_so(
    survey: Survey,
    cast: Cast,
    as_: As,
    app: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    db.session.commit()
    share_with_web(app, tmp_path / "elsewhere", monkeypatch)
    with time_machine.travel(now, tick=False):
        lena = as_(cast.lena)
        assert "SURVEY_DIR måste vara en katalog" in lena.get(_PAGE).text
        assert lena.get(f"{_PAGE}/words").location == _PAGE


def test_when_it_is_released_the_page_leads_to_the_result(
    survey: Survey, shared_keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    people_answer(survey, bjuv=7, klippan=9)
    close_now(survey, shared_keys)
    page = as_(cast.lena).get(_PAGE).text
    assert 'href="/survey/results/2"' in page
    assert 'name="word"' not in page, "too few wrote words for any to be shown"


@pytest.fixture
def released(survey: Survey, shared_keys: SurveyKeys) -> Survey:
    """With the word Otydligt in its result."""
    people_answer(survey, bjuv=15, klippan=15, helsingborg=15)
    return close_now(survey, shared_keys)


def test_a_word_is_taken_out_of_every_view_and_of_the_copy(
    released: Survey, shared_keys: SurveyKeys, cast: Cast, as_: As
) -> None:
    lena = as_(cast.lena)
    shown = [published(endpoint, stage()) for endpoint in PUBLICATIONS]
    assert all(one and "Otydligt" in {word.word for word in one.words or ()} for one in shown)
    answer = lena.post(f"{_PAGE}/blanked-words", data={"word": "Otydligt", "sure": "y"})
    assert (answer.status_code, answer.location) == (303, _PAGE)
    put_away(released, shared_keys)
    for endpoint in PUBLICATIONS:
        result = published(endpoint, stage())
        assert result
        assert {word.word for word in result.words or ()} == {"Gemenskap", "Möten"}, endpoint
    assert "Otydligt" not in str(shared_keys.released(2))
    assert "Otydligt" not in lena.get(_PAGE).text
    again = lena.post(f"{_PAGE}/blanked-words", data={"word": "Otydligt", "sure": "y"}, follow_redirects=True)
    assert "Det var redan gjort." in again.text


@pytest.mark.parametrize("data", [{"word": "Otydligt"}, {"sure": "y"}, {"word": "", "sure": "y"}])
def test_a_word_is_taken_out_only_by_who_is_sure(
    released: Survey, cast: Cast, as_: As, data: dict[str, str]
) -> None:
    lena = as_(cast.lena)
    with unchanged():
        answer = lena.post(f"{_PAGE}/blanked-words", data=data)
    assert answer.status_code == 422
    assert "<details open>" in answer.text
    assert ("selected" in answer.text) == ("word" in data)


def test_only_a_demonstration_opens_one_to_try(
    app: Flask, cast: Cast, as_: As, shared_keys: SurveyKeys, monkeypatch: pytest.MonkeyPatch, at_now: None
) -> None:
    ask_statements()
    coming = stage()
    coming.measure_on, coming.activate_on = date(2026, 11, 16), date(2026, 11, 23)
    lena, cora = as_(cast.lena), as_(cast.cora)
    with unchanged():
        assert lena.post("/admin/surveys/trial").status_code == 404
    assert "på prov" not in lena.get("/admin").text
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], demo=True))
    assert cora.post("/admin/surveys/trial").status_code == 403
    assert "på prov" in lena.get("/admin").text
    assert lena.post("/admin/surveys/trial").location == _PAGE
    assert Survey.open_on(local_today(NOW))
    assert lena.post("/admin/surveys/trial").location == "/admin#surveys", "a second tap opens no other"
    assert "på prov" not in lena.get("/admin").text


def test_the_notice_of_the_words_leads_here(survey: Survey, cast: Cast, shared_keys: SurveyKeys) -> None:
    recipient = cast.lena.id
    people_answer(survey, bjuv=15, klippan=15, helsingborg=15)
    _tend(shared_keys, AFTERWARDS)
    notices = select(Notification.url).where(Notification.person_id == recipient)
    assert list(db.session.scalars(notices)) == [_PAGE]
