"""The playbook of a stage as a calendar: what goes out when to how many, and what came of what has gone out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.playbook import PlaybookRun, StepOff
from app.models.stage import Phase, Stage
from app.services.notifications.playbook import PLAYBOOK, Step
from app.services.stages.estimate import Reached, estimates, is_a_guess

#: Of fewer people nothing is shown: one could tell who it was (PRODUCT: Nobody is watched).
FEWEST: Final = 6
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Coming:
    """A step that may still go out. `day` is its day, or None if it has many; `off` says who switched it off."""

    step: Step
    day: date | None
    reached: Reached
    is_a_guess: bool
    off: StepOff | None


@dataclass(frozen=True)
class Gone:
    """A step that has gone out until `day`: the sums of all its days. `acted` is None until some day was counted."""

    step: Step
    day: date
    told: int
    opened: int
    acted: int | None
    switched_off: int
    is_skipped: bool
    off: StepOff | None

    @property
    def may_be_shown(self) -> bool:
        return self.told >= FEWEST


@dataclass(frozen=True)
class LastTime:
    """What came of the steps in the stage before, by their names."""

    stage: Stage
    rows: dict[str, Gone]


@dataclass(frozen=True)
class Week:
    """A patch: its number in the year, the phase it lies in, and how many steps have their day in it."""

    number: int
    phase: Phase
    begins_phase: bool
    ends_phase: bool
    is_past: bool
    is_now: bool
    steps: int


@dataclass(frozen=True)
class Calendar:
    weeks: list[Week]
    coming: list[Coming]
    gone: list[Gone]

    @property
    def most_switched_off(self) -> Gone | None:
        """The step after which most switched it off, if anybody did."""
        shown = [row for row in self.gone if row.may_be_shown and row.switched_off]
        return max(shown, key=lambda row: row.switched_off / row.told, default=None)

    @property
    def works_best(self) -> Gone | None:
        """The step on which the greatest share acted, if anybody did."""
        shown = [row for row in self.gone if row.may_be_shown and row.acted]
        return max(shown, key=lambda row: (row.acted or 0) / row.told, default=None)


def calendar_of(stage: Stage, today: date) -> Calendar:
    """A constant number of queries."""
    off = _steps_off(stage)
    gone = gone_out(stage)
    finished = {row.step.name for row in gone}
    reached = estimates(stage, today)
    coming = [
        Coming(step, step.when.day(stage), reached[step.name], is_a_guess(step), off.get(step.name))
        for step in PLAYBOOK
        if step.when and _may_go_out(step, stage, today, step.name in finished)
    ]
    # What goes out on many days comes with today's.
    coming.sort(key=lambda row: row.day or today)
    return Calendar(_weeks(stage, today), coming, gone)


def gone_out(stage: Stage) -> list[Gone]:
    """The steps that have gone out or been left out in that stage, the latest first."""
    off, by_name = _steps_off(stage), {step.name: step for step in PLAYBOOK}
    run = PlaybookRun
    query = select(
        run.step, func.max(run.day), func.sum(run.told), func.sum(run.opened), func.sum(run.acted),
        func.sum(run.switched_off), func.count().filter(run.is_skipped),
    )  # fmt: skip
    rows = db.session.execute(query.where(run.stage_id == stage.id).group_by(run.step)).all()
    gone = [
        Gone(by_name[name], day, told, opened, acted, switched_off, bool(skipped), off.get(name))
        for name, day, told, opened, acted, switched_off, skipped in rows
        if name in by_name and (told or skipped)
    ]
    return sorted(gone, key=lambda row: row.day, reverse=True)


def last_time(stage: Stage) -> LastTime | None:
    """None if there is no stage before."""
    before = stage.find_previous()
    return LastTime(before, {row.step.name: row for row in gone_out(before) if row.told}) if before else None


def _steps_off(stage: Stage) -> dict[str, StepOff]:
    query = select(StepOff).options(joinedload(StepOff.by)).where(StepOff.stage_id == stage.id)
    return {row.step: row for row in db.session.scalars(query)}


def _may_go_out(step: Step, stage: Stage, today: date, has_gone: bool) -> bool:
    if step.when is None or step.when.is_over(stage, today):
        return False
    if step.when.day(stage) is None:
        return step.when.may_come(stage, today)
    return not has_gone


def _weeks(stage: Stage, today: date) -> list[Week]:
    """From the week of the stage's first day to that of its last."""
    monday = stage.measure_on - timedelta(days=stage.measure_on.weekday())
    days = {step.when.day(stage) for step in PLAYBOOK if step.when}
    mondays = []
    while monday < stage.end_on:
        mondays.append(monday)
        monday += _WEEK
    phases = [_phase_of(stage, day) for day in mondays]
    return [
        Week(
            day.isocalendar().week,
            phases[place],
            begins_phase=place == 0 or phases[place - 1] != phases[place],
            ends_phase=place == len(phases) - 1 or phases[place + 1] != phases[place],
            is_past=day + _WEEK <= today,
            is_now=day <= today < day + _WEEK,
            steps=len({one for one in days if one and day <= one < day + _WEEK}),
        )
        for place, day in enumerate(mondays)
    ]


def _phase_of(stage: Stage, monday: date) -> Phase:
    """The phase in which the week ends, since phases begin within weeks."""
    return stage.phase(min(monday + timedelta(days=6), stage.end_on - timedelta(days=1)))
