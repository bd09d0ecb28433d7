"""A crash at every statement of answering and of closing, and between all that closing does to files."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Survey
from app.services.survey.closing import close, close_due, put_away
from app.services.survey.tending import tend
from tests.at_once import all_at_once
from tests.factories import make_person
from tests.survey.crashes import CrashError, box, crashing_at_each
from tests.survey_makers import AFTERWARDS, ENDS_ON, MEASURING, answer_as, make_survey, people_answer


@pytest.fixture
def survey(live: Flask, keys: SurveyKeys) -> Iterator[Survey]:
    """Answered by 35, committed."""
    with live.app_context():
        survey = make_survey(keys)
        people_answer(survey, bjuv=7, klippan=8, helsingborg=20)
        db.session.commit()
        yield survey


def _survey() -> Survey:
    survey = Survey.of_stage(2)
    assert survey
    return survey


def test_a_crash_while_answering_leaves_ballot_and_participation_or_neither(survey: Survey) -> None:
    person_id = make_person().id

    def answer() -> None:
        answer_as(_survey(), db.session.get_one(Person, person_id))
        db.session.commit()

    crashes = crashing_at_each(answer, lambda: _assert_box(35))
    assert crashes >= 4
    assert box() == (36, 36)


def _assert_box(number: int) -> None:
    assert box() == (number, number)


def test_a_crash_at_any_statement_of_closing_is_made_good(survey: Survey, keys: SurveyKeys) -> None:
    def look() -> None:
        """Before the commit all is as it was; after it all is done, but perhaps for the files."""
        if _survey().closed_at is None:
            assert box() == (35, 35)
            assert keys.matches(2, _survey().public_key)
            assert keys.released(2) is None
        else:
            assert box() == (0, 0)

    step = partial(_close, keys)
    assert crashing_at_each(step, look) > 10
    _assert_closed(keys)


def _close(keys: SurveyKeys) -> None:
    survey = _survey()
    close(survey, keys, AFTERWARDS, commit=db.session.commit)
    put_away(survey, keys)
    db.session.commit()


def _assert_closed(keys: SurveyKeys) -> None:
    db.session.rollback()
    assert box() == (0, 0)
    assert _survey().snapshot
    assert keys.released(2) == _survey().snapshot
    assert not keys.has_secrets(2)


@pytest.mark.parametrize("step", ["keep_released", "destroy", "_keep_names", "_path"])
def test_a_crash_between_commit_copy_and_destruction_is_made_good(
    survey: Survey, keys: SurveyKeys, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the commit, before the copy; after the copy, before the key; amid each of them."""
    keys.keep_words(2, [])

    def commit_and_break() -> None:
        db.session.commit()
        monkeypatch.setattr(SurveyKeys, step, _break)

    with pytest.raises(CrashError):
        close(_survey(), keys, AFTERWARDS, commit=commit_and_break)
    monkeypatch.undo()
    db.session.rollback()
    assert _survey().closed_at
    assert keys.has_secrets(2)
    tend(keys, AFTERWARDS, commit=db.session.commit)
    _assert_closed(keys)


def _break(*_: object, **__: object) -> None:
    raise CrashError


@pytest.mark.parametrize("number", range(3))
def test_a_crash_amid_the_destruction_is_made_good(
    survey: Survey, keys: SurveyKeys, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key goes last: words and review are gone before what could bring them back is."""
    keys.keep_words(2, [{"key": "trygg", "word": "Trygg", "count": 6, "sentiment": "positive"}])
    keys.keep_review(2, {"same_as": {}, "blanked": []})
    unlink, done = Path.unlink, list[Path]()

    def unlink_some(path: Path, missing_ok: bool = False) -> None:
        if not path.name.startswith("."):
            if len(done) == number:
                raise CrashError
            done.append(path)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink_some)
    with pytest.raises(CrashError):
        close(_survey(), keys, AFTERWARDS, commit=db.session.commit)
    monkeypatch.undo()
    assert keys.has_secrets(2)
    tend(keys, AFTERWARDS, commit=db.session.commit)
    _assert_closed(keys)


def test_two_workers_close_it_once(live: Flask, survey: Survey, keys: SurveyKeys) -> None:
    _survey().words_given_on = AFTERWARDS.date()
    db.session.commit()
    db.session.remove()
    keys.keep_words(2, [])  # there is nothing to read, so nobody is waited for
    at_once = partial(tend, keys, AFTERWARDS, commit=db.session.commit)
    assert all_at_once(live, [at_once] * 3) == []
    _assert_closed(keys)


def test_who_answers_while_it_is_closed_is_counted_or_refused(
    live: Flask, survey: Survey, keys: SurveyKeys
) -> None:
    """None is in the box of a closed survey, and none is counted without having been let in."""
    people = [make_person(place="helsingborg").id for _ in range(4)]
    db.session.commit()
    db.session.remove()
    outcomes = list[bool]()

    def answer(person_id: int) -> None:
        outcomes.append(answer_as(_survey(), db.session.get_one(Person, person_id)))
        db.session.commit()

    closing = partial(_close, keys)
    refused = (ValueError,)
    assert all_at_once(live, [closing, *(partial(answer, one) for one in people)], answers=refused) == []
    _assert_closed(keys)
    cells = (_survey().snapshot or {})["cells"]
    assert sum(cell["n"] for cell in cells) == 35 + len(outcomes)


def test_a_person_who_answers_on_two_devices_at_once_answers_once(live: Flask, survey: Survey) -> None:
    person_id = make_person().id
    db.session.commit()
    db.session.remove()
    outcomes = list[bool]()

    def answer() -> None:
        outcomes.append(answer_as(_survey(), db.session.get_one(Person, person_id)))
        db.session.commit()

    assert all_at_once(live, [answer] * 4) == []
    assert sorted(outcomes) == [False, False, False, True]
    assert box() == (36, 36)


def test_nothing_is_due_before_its_last_day_is_over(survey: Survey, keys: SurveyKeys) -> None:
    assert not close_due(survey, keys, MEASURING, MEASURING.date(), commit=db.session.commit)
    assert not survey.closed_at
    assert survey.ends_on == ENDS_ON
