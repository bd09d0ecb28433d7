"""The dates of the stages that still concern people, for their calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.programme import Programme
from app.models.stage import PHASE_DATES, Phase, Stage, StageEvent, stages
from app.models.survey import Survey
from app.services.survey.opening import opening_of

_A_DAY: Final = timedelta(days=1)
_LAST_EVENTS: Final = select(StageEvent.stage_id, func.max(StageEvent.at).label("at")).group_by(
    StageEvent.stage_id
)


@dataclass(frozen=True)
class StageDate:
    """A phase of a stage, or one of its last days. `what` is `measure`, `activate`, `learn`, `last_day` (to act) or
    `survey_closes` (the last day to answer)."""

    stage: Stage
    what: str
    first_day: date
    #: The first day after it.
    day_after: date
    #: When a date of the stage may have been moved last: by a programme file, or by a lead who moved a phase or the
    #: survey's end.
    changed_at: datetime


def stage_dates(today: date) -> list[StageDate]:
    """Of the stage that runs, those to come, and the last that has ended. A fixed number of queries."""
    concerned = _concerned(stages(), today)
    surveys = {survey.stage_id: survey for survey in db.session.scalars(select(Survey))}
    moved_at = {event.stage_id: event.at for event in db.session.execute(_LAST_EVENTS)}
    return [
        one
        for stage in concerned
        for one in _dates_of(stage, surveys.get(stage.id), _changed_at(stage, surveys, moved_at), today)
    ]


def _concerned(all_stages: Sequence[Stage], today: date) -> list[Stage]:
    ended = [stage for stage in all_stages if stage.phase(today) == Phase.ENDED]
    return ended[-1:] + [stage for stage in all_stages if stage not in ended]


def _changed_at(stage: Stage, surveys: Mapping[int, Survey], moved_at: Mapping[int, datetime]) -> datetime:
    programme, survey = Programme.current(), surveys.get(stage.id)
    moments = [programme.loaded_at if programme else None, moved_at.get(stage.id)]
    moments += [survey.opened_at, survey.moved_at] if survey else []
    return max(moment for moment in moments if moment)


def _dates_of(stage: Stage, survey: Survey | None, changed_at: datetime, today: date) -> list[StageDate]:
    begins = [(phase.value, stage.begins(phase)) for phase, _column in PHASE_DATES]
    spans = [(what, first_day, day_after) for (what, first_day), (_, day_after) in pairwise(begins)]
    spans += [_last_day("last_day", stage.learn_on)] if stage.activate_on < stage.learn_on else []
    survey_ends = survey.ends_on if survey else opening_of(stage, today) and stage.activate_on
    spans += [_last_day("survey_closes", survey_ends)] if survey_ends else []
    # A phase that begins on the day of the next one has no day of its own.
    return [StageDate(stage, what, first, after, changed_at) for what, first, after in spans if first < after]


def _last_day(what: str, day_after: date) -> tuple[str, date, date]:
    return what, day_after - _A_DAY, day_after
