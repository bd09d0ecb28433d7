"""What the worker does about surveys: every minute what is due, every night the box, every day the reminders."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

import structlog
from sqlalchemy import select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.stage import Stage, stages
from app.models.survey import Survey
from app.services.programme.clock import local_today
from app.services.survey import box, telling
from app.services.survey.closing import close_due, put_away, take_in
from app.services.survey.opening import EndError, ask_again, open_due

log = structlog.get_logger()

_Step = Callable[[], object]


def tend(keys: SurveyKeys, now: datetime, *, commit: Callable[[], None]) -> None:
    """Open, close, and put away what is due. Each step in a transaction of its own; one that fails stops no other, and
    is taken again in a minute. The leads are told of it, since only they know that a result is waited for."""
    _take(partial(_open_due, keys, now), commit)
    for stage in stages():
        outcomes = [_take(step, commit) for step in _steps(stage, keys, now, commit)]
        if not all(outcomes):
            _take(partial(_tell_stuck, stage, now), commit)


def tend_nightly(now: datetime, *, commit: Callable[[], None]) -> bool:
    """Write each box anew, and note about how many have answered. Whether nothing failed."""
    outcomes = [
        _take(partial(step, survey), commit)
        for survey in _open_surveys(now)
        for step in (box.count_about, box.write_anew)
    ]
    return all([*outcomes, not outcomes or _take(box.forget_traces, commit)])


def remind(now: datetime, *, commit: Callable[[], None]) -> bool:
    """Whether nothing failed."""
    reminders = [partial(telling.remind, survey, now) for survey in _open_surveys(now)]
    outcomes = [_take(step, commit) for step in reminders]
    return all(outcomes)


def ask_everybody_again(survey: Survey, ends_on: date, keys: SurveyKeys, now: datetime) -> int:
    """The key is lost for good: throw the ballots away, ask anew, and tell everybody, also those who had answered.
    Returns how many ballots were thrown away.

    Raises:
        EndError: when it is closed, or its key is there, here or where the worker looks.
    """
    if survey.closed_at is None and not survey.is_paused:
        raise EndError("the worker finds the key")
    thrown_away = ask_again(survey, ends_on, keys, now)
    telling.forget_reminders(survey)
    telling.tell_open(survey, now)
    return thrown_away


def _steps(
    stage: Stage, keys: SurveyKeys, now: datetime, commit: Callable[[], None]
) -> Iterator[Callable[[], object]]:
    """What may be due for a stage, each looked at when the one before has been taken."""
    yield partial(take_in, stage, keys, now)
    survey = db.session.get(Survey, stage.id)
    if survey is None:
        return
    if survey.closed_at:
        yield partial(put_away, survey, keys)
        return
    yield partial(_check_key, survey, keys, now)
    yield partial(_close_due, survey, keys, now, commit)


def _open_due(keys: SurveyKeys, now: datetime) -> None:
    survey = open_due(keys, now)
    if survey:
        telling.tell_open(survey, now)


def _check_key(survey: Survey, keys: SurveyKeys, now: datetime) -> None:
    was_paused = survey.is_paused
    box.check_key(survey, keys, now)
    if survey.is_paused and not was_paused:
        log.error("the key of the survey is missing; nobody can answer", stage=survey.stage.number)
        telling.tell_key_missing(survey, now)


def _close_due(survey: Survey, keys: SurveyKeys, now: datetime, commit: Callable[[], None]) -> None:
    if close_due(survey, keys, now, local_today(now), commit=commit):
        telling.ask_to_read(survey, now)
    is_closed = survey.closed_at is not None
    commit()  # nothing can be forgotten of what a transaction may still read
    if is_closed:
        box.forget_traces()


def _tell_stuck(stage: Stage, now: datetime) -> None:
    survey = db.session.get(Survey, stage.id)
    if survey and not survey.is_open(local_today(now)):
        telling.tell_stuck(survey, now)


def _open_surveys(now: datetime) -> list[Survey]:
    today = local_today(now)
    unclosed = db.session.scalars(select(Survey).where(Survey.closed_at.is_(None)))
    return [survey for survey in unclosed if survey.is_open(today)]


def _take(step: _Step, commit: Callable[[], None]) -> bool:
    try:
        step()
        commit()
    except Exception:
        log.exception("a step of the survey failed; it is taken again")
        db.session.rollback()
        return False
    return True
