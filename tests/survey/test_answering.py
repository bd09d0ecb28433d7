"""Answering: ballot and participation together, once a person, and nothing beside them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import (
    MOST_STATEMENTS,
    MOST_WORDS,
    Ballot,
    Sentiment,
    Survey,
    wait_for_turn,
)
from app.services.survey import answering, box
from app.services.survey.answering import NotOpenError, answer, has_answered
from app.services.survey.ballot import LONGEST_WORD, SIZE, Answers, Association, association, sealed
from app.services.survey.closing import close
from tests.at_once import all_at_once
from tests.cast import Cast
from tests.factories import make_person
from tests.survey.box import in_box, participants
from tests.survey_makers import (
    AFTERWARDS,
    MEASURING,
    answer_as,
    answers_of,
    make_survey,
    people_answer,
)
from tests.unchanged import unchanged


def test_ballot_and_participation_come_together(survey: Survey, keys: SurveyKeys, cast: Cast) -> None:
    assert not has_answered(survey, cast.alice)
    assert answer_as(survey, cast.alice, 5, 4, None, 1)
    assert has_answered(survey, cast.alice)
    assert not has_answered(survey, cast.bob)
    assert in_box(keys) == [answers_of(cast.alice, 5, 4, None, 1)]
    assert participants() == [cast.alice.id]


def test_the_first_answer_stays(survey: Survey, keys: SurveyKeys, cast: Cast) -> None:
    assert answer_as(survey, cast.alice, 1, 1, 1, 1)
    assert not answer_as(survey, cast.alice, 5, 5, 5, 5)
    assert [answers.marks for answers in in_box(keys)] == [(1, 1, 1, 1)]


def test_all_ballots_look_alike_and_are_found_in_no_order(survey: Survey, cast: Cast) -> None:
    people_answer(survey, bjuv=20)
    longest = [("🌾" * LONGEST_WORD, "negative")] * MOST_WORDS
    answer_as(survey, cast.alice, None, None, None, None, words=())
    answer_as(survey, cast.bob, words=longest)
    ballots = list(db.session.scalars(select(Ballot)))
    assert {len(ballot.sealed) for ballot in ballots} == {SIZE}
    assert len({ballot.key for ballot in ballots}) == len(ballots) == 22
    assert {len(ballot.key) for ballot in ballots} == {16}


def test_the_fullest_ballot_that_the_form_allows_has_room(survey: Survey) -> None:
    words = (association("\U0001f33e" * LONGEST_WORD, Sentiment.POSITIVE),) * MOST_WORDS
    full = Answers(municipality_id=2**31 - 1, words=words, marks=(5,) * MOST_STATEMENTS)
    assert len(sealed(full, survey.public_key, 2)) == SIZE


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": (Association("a", Sentiment.NEUTRAL),) * (MOST_WORDS + 1)},
        {"words": (Association("", Sentiment.NEUTRAL),)},
        {"words": (Association("a" * (LONGEST_WORD + 1), Sentiment.NEUTRAL),)},
        {"marks": (0, 1, 2, 3)},
        {"marks": (6, 1, 2, 3)},
        {"marks": (1,) * (MOST_STATEMENTS + 1)},
    ],
)
def test_a_ballot_that_the_form_does_not_allow_is_not_sealed(
    survey: Survey, cast: Cast, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"more than|empty or too long|outside"):
        answer(survey, cast.alice, replace(answers_of(cast.alice), **wrong), now=MEASURING)


def test_it_cannot_be_answered_after_its_end_nor_while_the_key_is_missing(
    survey: Survey, keys: SurveyKeys, cast: Cast
) -> None:
    with pytest.raises(NotOpenError):
        answer(survey, cast.alice, answers_of(cast.alice), now=AFTERWARDS)
    survey.key_missing_since = MEASURING
    with pytest.raises(NotOpenError):
        answer_as(survey, cast.alice)
    survey.key_missing_since = None
    assert answer_as(survey, cast.alice)


def test_an_end_that_was_moved_meanwhile_counts(survey: Survey, cast: Cast) -> None:
    wait_for_turn(survey.stage_id)
    survey.ends_on = date(2026, 9, 15)
    with pytest.raises(NotOpenError):
        answer_as(survey, cast.alice)


def test_nothing_else_in_the_database_changes_by_answering(survey: Survey, cast: Cast) -> None:
    """No point, badge, notification, mail or count."""
    person = cast.alice
    with unchanged(but={"ballot", "survey_participation"}):
        answer_as(survey, person)
        db.session.commit()
    assert participants() == [person.id]


def test_a_crash_between_the_two_leaves_neither(
    survey: Survey, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cast.alice

    def crashes(*_: object) -> bytes:
        raise OSError("the machine goes down")

    monkeypatch.setattr(answering, "sealed", crashes)
    with pytest.raises(OSError, match="goes down"):
        answer_as(survey, person)
    db.session.rollback()
    assert not participants()
    monkeypatch.undo()
    assert answer_as(survey, person)


def test_the_nightly_writing_keeps_every_answer(survey: Survey, keys: SurveyKeys, cast: Cast) -> None:
    people_answer(survey, bjuv=7, klippan=6)
    before = {(row.key, row.sealed) for row in db.session.scalars(select(Ballot))}
    box.write_anew(survey)
    db.session.expire_all()
    rows = list(db.session.scalars(select(Ballot)))
    assert {(row.key, row.sealed) for row in rows} == before
    assert len(participants()) == 13
    assert len(in_box(keys)) == 13


def test_the_same_answer_sent_twice_at_once_is_one(live: Flask, keys: SurveyKeys) -> None:
    with live.app_context():
        person_id = make_person().id
        make_survey(keys)
        db.session.commit()
    assert all_at_once(live, [_answered(person_id, number) for number in (1, 2, 3, 4)]) == []
    with live.app_context():
        assert len(in_box(keys)) == 1
        assert participants() == [person_id]


def test_who_answers_while_it_is_closed_is_in_or_is_told_so(live: Flask, keys: SurveyKeys) -> None:
    with live.app_context():
        people = [make_person().id for _ in range(6)]
        make_survey(keys)
        db.session.commit()
    answers = [_answered(person_id, 3) for person_id in people]
    assert all_at_once(live, [*answers, lambda: _closed(keys)], answers=(NotOpenError,)) == []
    with live.app_context():
        survey = Survey.of_stage(2)
        assert survey
        assert survey.closed_at
        assert not participants()
        assert db.session.scalar(select(func.count()).select_from(Ballot)) == 0


def _answered(person_id: int, mark: int) -> Callable[[], object]:
    def send() -> None:
        survey = Survey.of_stage(2)
        assert survey
        answer_as(survey, db.session.get_one(Person, person_id), mark, mark, mark, mark)

    return send


def _closed(keys: SurveyKeys) -> None:
    survey = Survey.of_stage(2)
    assert survey
    close(survey, keys, AFTERWARDS, commit=db.session.commit)
