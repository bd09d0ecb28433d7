"""In a demonstration a lead opens a survey before its time, to try it. Nobody is told: its people are invented."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from app.gateways.survey_keys import SurveyKeys
from app.models.stage import Phase, Stage, stages
from app.models.survey import Survey
from app.services.programme.clock import local_today
from app.services.survey.opening import open_survey
from app.services.survey.standing import surveys_by_stage

_LENGTH: Final = timedelta(days=7)


def stage_to_try(all_stages: Iterable[Stage], surveys: Mapping[int, Survey], today: date) -> Stage | None:
    """The first stage to come that has no survey; None while one is open, or when all have been tried. `surveys` as
    `surveys_by_stage` gives them."""
    if any(survey.is_open(today) for survey in surveys.values()):
        return None
    to_come = (stage for stage in all_stages if stage.phase(today) == Phase.UPCOMING)
    return next((stage for stage in to_come if stage.id not in surveys), None)


def open_to_try(keys: SurveyKeys, now: datetime) -> Survey | None:
    """Open that stage's survey for a week. None when there is nothing to try, or a double tap has opened it."""
    today = local_today(now)
    stage = stage_to_try(stages(), surveys_by_stage(), today)
    return open_survey(stage, today + _LENGTH, keys, now) if stage else None
