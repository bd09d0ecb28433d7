"""`flask survey status` and `flask survey ask-again`."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.notification import Notification
from app.models.survey import Ballot, Survey
from app.services.survey.tending import remind, tend
from tests.factories import make_person
from tests.survey_makers import AFTERWARDS, MEASURING, close_now, make_survey, people_answer
from tests.unchanged import unchanged


@pytest.fixture
def keys(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SurveyKeys:
    settings = dataclasses.replace(app.config["SETTINGS"], survey_dir=tmp_path)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return SurveyKeys(tmp_path)


@pytest.fixture
def survey(keys: SurveyKeys) -> Iterator[Survey]:
    with time_machine.travel(MEASURING, tick=False):
        survey = make_survey(keys)
        people_answer(survey, bjuv=7, klippan=9)
        db.session.commit()
        yield survey


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["survey", *arguments])
    return result.exit_code, result.output


def _tend(keys: SurveyKeys) -> None:
    tend(keys, MEASURING, commit=db.session.commit)


def test_status_says_where_each_survey_stands_and_not_how_many_answered(
    app: Flask, survey: Survey, keys: SurveyKeys
) -> None:
    assert _run(app, "status")[1].splitlines() == [
        "Stage 1: the stage went on without a survey.",
        "Stage 2: open, the last day is 2026-09-27.",
    ]
    survey.answered_fives = 3
    assert "At least 15 had answered last night." in _run(app, "status")[1]
    with time_machine.travel(AFTERWARDS, tick=False):
        assert "Stage 2: ended; the worker closes it within a minute." in _run(app, "status")[1]
    close_now(survey, keys)
    assert "Stage 2: released on 2026-09-28." in _run(app, "status")[1]


def test_status_says_what_to_do_without_the_key(app: Flask, survey: Survey, keys: SurveyKeys) -> None:
    keys.destroy(2)
    _tend(keys)
    assert "Put it back" in _run(app, "status")[1]


def test_ask_again_throws_away_what_nobody_can_read_and_tells_everybody(
    app: Flask, survey: Survey, keys: SurveyKeys
) -> None:
    waiting = make_person()
    old_key = survey.public_key
    survey.opened_at = survey.opened_at.replace(day=1)
    remind(MEASURING, commit=db.session.commit)
    keys.destroy(2)
    _tend(keys)
    code, output = _run(app, "ask-again", "2", "--until", "2026-09-30")
    assert (code, output) == (
        0,
        "16 sealed ballots are thrown away. Everybody is asked again, until 2026-09-30.\n",
    )
    assert survey.public_key != old_key
    assert keys.matches(2, survey.public_key)
    assert (survey.ends_on.day, survey.is_paused, survey.answered_fives) == (1, False, 0)
    assert not db.session.scalar(select(func.count()).select_from(Ballot))
    told = select(Notification.key).where(Notification.person_id == waiting.id)
    assert list(db.session.scalars(told)) == ["survey:2:open:20260915090000"], "it may be reminded of anew"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2", "--until", "2026-09-30"), "its key is there"),
        (("2", "--until", "2026-09-14"), "over already"),
        (("1", "--until", "2026-09-30"), "has no survey"),
        (("2", "--until", "soon"), "soon"),
        (("2",), "--until"),
    ],
)
def test_ask_again_refuses_kindly(
    app: Flask, survey: Survey, arguments: tuple[str, ...], sentence: str
) -> None:
    with unchanged():
        code, output = _run(app, "ask-again", *arguments)
    assert code
    assert sentence in output


def test_ask_again_does_not_believe_an_empty_directory_of_its_own(
    app: Flask, survey: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command runs where SURVEY_DIR is another: the worker still finds the key."""
    elsewhere = dataclasses.replace(app.config["SETTINGS"], survey_dir=tmp_path / "elsewhere")
    monkeypatch.setitem(app.config, "SETTINGS", elsewhere)
    with unchanged():
        assert _run(app, "ask-again", "2", "--until", "2026-09-30")[0] == 1


def test_a_released_survey_is_not_asked_again(app: Flask, survey: Survey, keys: SurveyKeys) -> None:
    close_now(survey, keys)
    with unchanged():
        assert "result is released" in _run(app, "ask-again", "2", "--until", "2026-09-30")[1]
