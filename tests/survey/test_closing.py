"""Closing: everything that may not be shown is destroyed, once, whatever happens meanwhile."""

from datetime import timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.survey import Ballot, Survey, SurveyParticipation
from app.services.survey.tending import tend
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
    tend(keys, MEASURING, commit=db.session.commit, base_url="http://localhost")
    survey = Survey.of_stage(2)
    assert survey
    assert survey.ends_on == stage().activate_on
    people_answer(survey, bjuv=7, klippan=9)
    tend(keys, AFTERWARDS, commit=db.session.commit, base_url="http://localhost")
    assert survey.closed_at


def test_a_worker_that_comes_late_still_gives_the_leads_a_week(app: object, keys: SurveyKeys) -> None:
    survey = make_survey(keys)
    people_answer(survey, bjuv=15, klippan=20)
    late = AFTERWARDS + timedelta(days=30)
    for days in (0, 6):
        tend(keys, late + timedelta(days=days), commit=db.session.commit, base_url="http://localhost")
        assert survey.closed_at is None
        assert keys.words(2)
    tend(keys, late + timedelta(days=7), commit=db.session.commit, base_url="http://localhost")
    assert survey.closed_at
