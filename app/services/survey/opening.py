"""A survey is opened on its stage's first day of measuring; a lead may move its end while it is open."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select

from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.programme import Programme
from app.models.stage import Phase, Stage, stages
from app.models.survey import Ballot, Survey, SurveyParticipation, wait_for_turn
from app.models.upsert import upsert
from app.services.programme.clock import local_today

#: How far it can be moved past the beginning of the acting: what is measured later is no longer where it began.
_LONGEST_EXTENSION: Final = timedelta(days=14)


class EndError(ValueError):
    """The end cannot be moved to that day."""


def open_due(keys: SurveyKeys, now: datetime) -> Survey | None:
    """Open the survey of the stage that measures now, unless that has been done, or the programme asks nothing."""
    today = local_today(now)
    stage = Stage.current(today)
    if stage is None or stage.phase(today) != Phase.MEASURE:
        return None
    return open_survey(stage, stage.activate_on, keys, now)


def open_survey(stage: Stage, ends_on: date, keys: SurveyKeys, now: datetime) -> Survey | None:
    """Open it until that day. Two workers may do it at once: one of them opens it. None when there was nothing to do.

    A stage whose result has been released never gets another: the files remember it where a database was put back
    (`services/survey/closing.py` takes the result in).
    """
    statements = statements_asked()
    if not statements or Survey.of_stage(stage.number) or keys.released(stage.number):
        return None
    row = {
        "stage_id": stage.id,
        "statements": statements,
        "public_key": keys.make(stage.number),
        "opened_at": now,
        "ends_on": ends_on,
        "answered_fives": 0,
    }
    insert = upsert(Survey).values(row).on_conflict_do_nothing().returning(Survey.stage_id)
    return db.session.scalar(insert) and db.session.get_one(Survey, stage.id)


def statements_asked() -> list[dict[str, Any]]:
    """What the programme asks in its next survey; nothing where it has none."""
    programme = Programme.current()
    return programme.statements if programme else []


def opening_of(stage: Stage, today: date) -> date | None:
    """The day on which the survey of a stage that has none yet opens, in the past if the worker is late; None when it
    will have none."""
    is_to_come = today < stage.activate_on and stage.measure_on < stage.activate_on
    return stage.measure_on if is_to_come and statements_asked() else None


def next_opening(today: date) -> date | None:
    """The day on which the next survey opens, in the past if the worker is late; None while no day is known."""
    asked = set(db.session.scalars(select(Survey.stage_id)))
    openings = (opening_of(stage, today) for stage in stages() if stage.id not in asked)
    return next((day for day in openings if day), None)


def last_end(survey: Survey) -> date:
    """The latest day to which the end can be moved."""
    return max(survey.stage.activate_on + _LONGEST_EXTENSION, survey.ends_on)


def move_end(survey: Survey, ends_on: date, *, by: Person, now: datetime) -> None:
    """Let people answer until the day before that one.

    Raises:
        EndError: when it is no longer open, when that day is too late, or when it is not a day ahead, since people have
            been told of another.
    """
    waiting = wait_for_turn(survey.stage_id)
    today = local_today(now)
    if waiting is None or not waiting.is_open(today):
        raise EndError("no longer open")
    if not today < ends_on <= last_end(waiting):
        raise EndError("not a day that it can be moved to")
    waiting.ends_on, waiting.moved_at, waiting.moved_by_id = ends_on, now, by.id


def end_soon(stage: Stage, now: datetime) -> None:
    """A lead has ended the stage's measuring before its day. People can still answer today, since they were told of a
    later day, and never longer than before."""
    survey = wait_for_turn(stage.id)
    today = local_today(now)
    if survey and survey.is_open(today):
        survey.ends_on = min(survey.ends_on, today + timedelta(days=1))


def ask_again(survey: Survey, ends_on: date, keys: SurveyKeys, now: datetime) -> int:
    """Its key is lost for good, so nobody can ever read what is in the box: throw that away, and ask everybody again
    with a new key. Returns how many ballots were thrown away.

    Raises:
        EndError: when it is closed, or its key is there.
    """
    waiting = wait_for_turn(survey.stage_id)
    number = survey.stage.number
    if waiting is None or waiting.closed_at is not None:
        raise EndError("closed")
    if keys.matches(number, waiting.public_key):
        raise EndError("the key is there")
    keys.destroy(number)
    thrown_away = empty_box(waiting.stage_id)
    waiting.public_key, waiting.opened_at, waiting.ends_on = keys.make(number), now, ends_on
    waiting.key_missing_since, waiting.answered_fives = None, 0
    waiting.words_given_on = waiting.reviewed_at = waiting.reviewed_by_id = None  # they were other words
    return thrown_away


def empty_box(stage_id: int) -> int:
    """Delete ballots and participations; returns how many ballots there were."""
    unsynchronized = {"synchronize_session": False}
    box = delete(Ballot).where(Ballot.stage_id == stage_id)
    participations = delete(SurveyParticipation).where(SurveyParticipation.stage_id == stage_id)
    count = db.session.execute(box, execution_options=unsynchronized).rowcount  # type: ignore[attr-defined]
    db.session.execute(participations, execution_options=unsynchronized)
    return int(count)
