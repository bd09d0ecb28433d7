"""The key: missing, put back, lost; and a box with which something is wrong."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from structlog.testing import capture_logs

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.survey import Ballot, Survey, SurveyParticipation
from app.services.survey.answering import NotOpenError
from app.services.survey.box import check_key
from app.services.survey.closing import BoxError, close
from app.services.survey.opening import EndError, ask_again
from app.services.survey.reviewing import release
from app.services.survey.tending import tend
from app.services.survey.words import Review
from tests.cast import Cast
from tests.factories import make_person
from tests.survey.crashes import box
from tests.survey_makers import (
    AFTERWARDS,
    ENDS_ON,
    MEASURING,
    answer_as,
    close_now,
    make_survey,
    people_answer,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The private key of stage 2."""
    return tmp_path / "survey" / "stage-2.key"


def _tend(keys: SurveyKeys, *, after: bool = False) -> None:
    tend(keys, AFTERWARDS if after else MEASURING, commit=db.session.commit)


def _survey() -> Survey:
    survey = Survey.of_stage(2)
    assert survey
    return survey


def test_a_missing_key_pauses_answering_and_put_back_it_goes_on(
    app: Flask, keys: SurveyKeys, path: Path
) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=3)
    path.rename(path.with_suffix(".away"))
    _tend(keys)
    assert survey.is_paused
    with pytest.raises(NotOpenError):
        answer_as(survey, make_person())
    assert box() == (3, 3)
    path.with_suffix(".away").rename(path)
    _tend(keys)
    assert _survey().key_missing_since is None
    assert answer_as(survey, make_person())


@pytest.mark.parametrize("content", [b"", b"too short", bytes(32)])
def test_a_key_that_is_another_one_is_missing(
    app: Flask, keys: SurveyKeys, path: Path, content: bytes
) -> None:
    survey = make_survey(keys)
    path.write_bytes(content)
    _tend(keys)
    assert survey.is_paused


def test_without_its_key_it_is_not_closed(app: Flask, keys: SurveyKeys, path: Path) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=7, klippan=8, helsingborg=10)
    path.rename(path.with_suffix(".away"))
    _tend(keys, after=True)
    assert survey.closed_at is None
    with pytest.raises(BoxError):
        close(survey, keys, AFTERWARDS, commit=db.session.commit)
    db.session.rollback()
    path.with_suffix(".away").rename(path)
    _tend(keys, after=True)
    assert [cell["n"] for cell in (_survey().snapshot or {})["cells"]] == [7, 8, 10]


def test_lost_for_good_everybody_is_asked_again(app: Flask, keys: SurveyKeys, path: Path) -> None:
    survey = make_survey(keys)
    (person, *_others) = people_answer(survey, bjuv=3)
    with pytest.raises(EndError):
        ask_again(survey, ENDS_ON, keys, MEASURING)
    path.unlink()
    _tend(keys)
    old_key = survey.public_key
    assert ask_again(survey, ENDS_ON, keys, MEASURING) == 3
    db.session.commit()
    assert box() == (0, 0)
    assert survey.public_key != old_key
    assert keys.matches(2, survey.public_key)
    assert not survey.is_paused
    assert answer_as(survey, person)


def test_asked_again_its_new_words_are_read_before_they_are_released(
    app: Flask, keys: SurveyKeys, path: Path, cast: Cast
) -> None:
    """The key was lost between a lead's release and the closing."""
    assert cast.lena
    survey = make_survey(keys)
    release(survey, Review(), keys, based_on="", by=cast.lena, now=AFTERWARDS)
    path.unlink()
    ask_again(survey, ENDS_ON, keys, AFTERWARDS)
    people_answer(survey, bjuv=40)
    for _ in range(2):
        _tend(keys, after=True)
    assert keys.words(2)
    assert (survey.reviewed_at, survey.closed_at) == (None, None)


def test_a_key_that_another_worker_has_destroyed_at_closing_is_not_missing(
    app: Flask, keys: SurveyKeys
) -> None:
    survey = make_survey(keys)
    closed = update(Survey).values(closed_at=AFTERWARDS, snapshot={"cells": []})
    db.session.execute(closed, execution_options={"synchronize_session": False})
    keys.destroy(2)
    assert survey.closed_at is None, "this worker does not know it yet"
    check_key(survey, keys, AFTERWARDS)
    assert not survey.is_paused


def test_one_ballot_among_99_that_cannot_be_opened_blocks_nothing(app: Flask, keys: SurveyKeys) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=30, klippan=30, helsingborg=39)
    broken = db.session.scalars(select(Ballot.key)).first()
    db.session.execute(update(Ballot).where(Ballot.key == broken).values(sealed=b"x" * 900))
    with capture_logs() as lines:
        close_now(survey, keys)
    assert sum(cell["n"] for cell in (survey.snapshot or {})["cells"]) == 98
    faults = [line for line in lines if line["log_level"] == "error"]
    assert [line["left_out"] for line in faults] == [1]
    assert "99" not in str(faults), "the log is kept, and may not tell how many answered"
    assert not keys.has_secrets(2)


@pytest.mark.parametrize("table", [Ballot, SurveyParticipation])
def test_as_many_ballots_as_participations_or_it_is_not_closed(
    app: Flask, keys: SurveyKeys, table: type[Ballot] | type[SurveyParticipation]
) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=7, klippan=8)
    column = Ballot.key if table is Ballot else SurveyParticipation.person_id
    db.session.execute(delete(table).where(column == db.session.scalars(select(column)).first()))
    db.session.commit()
    with pytest.raises(BoxError) as error:
        close(survey, keys, AFTERWARDS, commit=db.session.commit)
    db.session.rollback()
    assert not {"14", "15"} & set(str(error.value).split()), (
        "it is logged, and may not tell how many answered"
    )
    assert survey.closed_at is None
    assert keys.has_secrets(2)
    assert keys.released(2) is None


def test_the_key_of_another_stage_opens_nothing(app: Flask, keys: SurveyKeys, path: Path) -> None:
    make_survey(keys)
    other = keys.make(1)
    shutil.copy(path.with_name("stage-1.key"), path)
    assert keys.matches(2, other)
    _tend(keys)
    assert _survey().is_paused
