"""Closing: everything that may not be shown is destroyed, once, whatever happens meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.notification import Kind, Notification
from app.models.survey import Ballot, Survey, SurveyParticipation
from app.services.notifications.kinds import words_of
from app.services.survey.tending import tend
from tests.cast import Cast
from tests.factories import stage
from tests.survey_makers import AFTERWARDS, MEASURING, ask_statements, close_now, make_survey, people_answer


def test_closing_leaves_what_may_be_shown_and_nothing_else(app: object, keys: SurveyKeys) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=7, klippan=9, helsingborg=20)
    close_now(survey, keys)
    assert survey.snapshot
    assert [cell["n"] for cell in survey.snapshot["cells"]] == [7, 9, 20]
    assert survey.snapshot["words"][0]["word"] == "Gemenskap"
    assert not db.session.scalar(select(func.count()).select_from(Ballot))
    assert not db.session.scalar(select(func.count()).select_from(SurveyParticipation))
    assert not keys.has_secrets(2)
    assert keys.released(2) == survey.snapshot


def test_the_worker_opens_and_closes_it(app: object, keys: SurveyKeys) -> None:
    ask_statements()
    tend(keys, MEASURING, commit=db.session.commit)
    survey = Survey.of_stage(2)
    assert survey
    assert survey.ends_on == stage().activate_on
    people_answer(survey, bjuv=7, klippan=9)
    tend(keys, AFTERWARDS, commit=db.session.commit)
    assert survey.closed_at


def test_a_worker_that_comes_late_still_gives_the_leads_a_week(app: object, keys: SurveyKeys) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=15, klippan=20)
    late = AFTERWARDS + timedelta(days=30)
    for days in (0, 6):
        tend(keys, late + timedelta(days=days), commit=db.session.commit)
        assert survey.closed_at is None
        assert keys.words(2)
    tend(keys, late + timedelta(days=7), commit=db.session.commit)
    assert survey.closed_at


@pytest.mark.parametrize("trouble", ["a ballot too few", "a full disk", "a key that cannot be destroyed"])
def test_a_closing_that_fails_is_told_to_the_leads_once_a_day_without_a_count(
    cast: Cast, keys: SurveyKeys, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    assert cast.alice
    assert cast.lena
    survey = make_survey(keys)
    people_answer(survey, bjuv=7, klippan=9)
    if trouble == "a ballot too few":
        db.session.delete(db.session.scalars(select(Ballot)).first())
        db.session.commit()
    else:
        file = "keep_released" if trouble == "a full disk" else "destroy"
        monkeypatch.setattr(SurveyKeys, file, _refuse)
    for minutes in (0, 1, 24 * 60):
        now = AFTERWARDS + timedelta(minutes=minutes)
        tend(keys, now, commit=db.session.commit)
    told = db.session.scalars(select(Notification).where(Notification.key.contains("stuck"))).all()
    assert [(one.person_id, one.key) for one in told] == [
        (cast.lena.id, f"survey:2:stuck:2026-09-{day}") for day in (28, 29)
    ]
    assert not [one for one in told if {15, 16} & set(one.parameters.values())]
    monkeypatch.undo()
    assert words_of(Kind.SURVEY, told[0].parameters, "sv").title == "Mätningen går inte att stänga"


def test_what_fails_while_it_is_open_is_not_told(
    cast: Cast, keys: SurveyKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast.lena
    make_survey(keys)
    monkeypatch.setattr(SurveyKeys, "matches", _refuse)
    tend(keys, MEASURING, commit=db.session.commit)
    assert not db.session.scalars(select(Notification).where(Notification.key.contains("stuck"))).all()


def _refuse(*_: object) -> None:
    raise OSError("no space left on device")
