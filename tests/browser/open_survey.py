"""A survey of the running installation that can be answered, of a stage of its own."""

from datetime import timedelta

from sqlalchemy import delete

from app import clock
from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Survey, SurveyParticipation
from app.services.survey import opening
from app.services.survey.answering import answer
from app.services.survey.ballot import Answers
from app.services.survey.opening import empty_box
from tests.browser.later_stages import OPEN
from tests.browser.live import Live
from tests.factories import stage


def open_survey(live: Live) -> Survey:
    """Opened unless it is; inside an app context of the installation."""
    there = Survey.of_stage(OPEN)
    if there:
        return there
    now = clock.now()
    ends_on = clock.local_date(now, "Europe/Stockholm") + timedelta(days=9)
    survey = opening.open_survey(stage(OPEN), ends_on, _keys(live), now)
    assert survey
    db.session.commit()
    return survey


def remove_survey(live: Live) -> None:
    """As if it had never been opened."""
    empty_box(stage(OPEN).id)
    db.session.execute(delete(Survey).where(Survey.stage_id == stage(OPEN).id))
    db.session.commit()
    _keys(live).destroy(OPEN)


def answer_as(survey: Survey, person: Person) -> None:
    marks = (4,) * len(survey.statements)
    answer(survey, person, Answers(person.municipality_id, (), marks), now=clock.now())
    db.session.commit()


def has_answered(live: Live, person: Person) -> bool:
    with live.app.app_context():
        return SurveyParticipation.exists_for(stage(OPEN).id, person.id)


def _keys(live: Live) -> SurveyKeys:
    return SurveyKeys(live.app.config["SETTINGS"].survey_dir)
