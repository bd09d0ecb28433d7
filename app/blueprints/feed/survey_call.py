"""The call to answer the survey, in the feed's head of those who have not."""

from datetime import date
from typing import NamedTuple

from app.models.survey import Survey, SurveyParticipation
from app.web.cache import Cache


class OpenSurvey(NamedTuple):
    stage_id: int
    #: On which it can be answered.
    last_day: date


#: What is the same for everybody, so that a feed asks nothing while there is nothing to answer.
_OPEN: Cache[OpenSurvey | None] = Cache(
    "open survey", key="day", changed_by="the worker, and a lead who moves its end", at_most=2
)


def survey_call(person_id: int, today: date) -> OpenSurvey | None:
    """The survey that the person can answer and has not; it may be some seconds late. At most one query while one is
    open, otherwise none."""
    survey = _OPEN.get(today, lambda: _open(today))
    return survey if survey and not SurveyParticipation.exists_for(survey.stage_id, person_id) else None


def _open(today: date) -> OpenSurvey | None:
    survey = Survey.open_on(today)
    return OpenSurvey(survey.stage_id, survey.last_day) if survey and not survey.is_paused else None
