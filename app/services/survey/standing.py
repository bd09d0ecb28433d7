"""Where a stage's survey stands, as a lead and those who run the server are told. Who has answered is no part of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.stage import Stage
from app.models.survey import DATES_ALONE, Survey
from app.services.survey.closing import released_by
from app.services.survey.opening import opening_of, statements_asked


class Standing(StrEnum):
    """Where a survey stands, from before it is opened to its release."""

    #: The programme file has no statements.
    ASKS_NOTHING = "asks_nothing"
    TO_COME = "to_come"
    #: Its day has come; the worker opens it within a minute.
    OPENING = "opening"
    #: The stage has gone on without one.
    NONE = "none"
    OPEN = "open"
    #: The key is missing: nobody can answer, or nothing can be counted.
    PAUSED = "paused"
    #: The words wait for a lead to read them.
    WORDS = "words"
    #: It has ended, but this process does not find the files that the worker finds.
    UNSHARED = "unshared"
    #: The worker does the rest within a minute.
    CLOSING = "closing"
    RELEASED = "released"


_SURVEYS: Final = select(Survey).options(*DATES_ALONE)


def surveys_by_stage() -> dict[int, Survey]:
    """All that there are, by the stage's id."""
    return {survey.stage_id: survey for survey in db.session.scalars(_SURVEYS)}


def standings(
    stages: Iterable[Stage], surveys: Mapping[int, Survey], keys: SurveyKeys, today: date
) -> dict[int, Standing]:
    """By the stage's number; `surveys` as `surveys_by_stage` gives them."""
    return {stage.number: standing_of(stage, surveys.get(stage.id), keys, today) for stage in stages}


def standing_of(stage: Stage, survey: Survey | None, keys: SurveyKeys, today: date) -> Standing:
    if survey is None:
        return _without_survey(stage, today)
    if survey.closed_at:
        return Standing.RELEASED
    if survey.is_paused:
        return Standing.PAUSED
    return Standing.OPEN if survey.is_open(today) else _after_its_end(survey, keys, today)


def finds_key(survey: Survey, keys: SurveyKeys) -> bool:
    """Whether this process finds the key. If it does not, and the survey is not paused, then the worker has another
    directory."""
    return keys.matches(survey.stage.number, survey.public_key)


def _without_survey(stage: Stage, today: date) -> Standing:
    if not statements_asked():
        return Standing.ASKS_NOTHING
    opens_on = opening_of(stage, today)
    if opens_on is None:
        return Standing.NONE
    return Standing.TO_COME if today < opens_on else Standing.OPENING


def _after_its_end(survey: Survey, keys: SurveyKeys, today: date) -> Standing:
    if survey.reviewed_at or today >= released_by(survey):
        return Standing.CLOSING
    if not finds_key(survey, keys):
        return Standing.UNSHARED
    return Standing.WORDS if keys.words(survey.stage.number) else Standing.CLOSING
