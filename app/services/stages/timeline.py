"""The way through a stage as one person sees it: the dates of its phases, their own plans, and today."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from app.models.person import Person
from app.models.stage import PHASE_DATES, Phase, Stage
from app.services.activities.lists import OwnActivity, open_plans, own_in_stage
from app.services.stages.measuring import Measuring

#: How many of a person's own plans stand on the way.
_MOST_PLANS: Final = 8
#: How many activities are listed; the page links to all of them.
MOST_OWN: Final = 8


@dataclass(frozen=True)
class Milestone:
    """A stop on the way. `what` is `begins` or `last_day` (of the phase), `survey_closes`, `ends` (of the stage), or
    `plan`."""

    phase: Phase
    on: date
    what: str
    is_past: bool
    activity: OwnActivity | None = None


@dataclass(frozen=True)
class Journey:
    """The stops in order, divided by today, and what the person has planned and done in the stage, by its day."""

    behind: list[Milestone]
    ahead: list[Milestone]
    phase: Phase
    own: list[OwnActivity]


def journey(stage: Stage, survey: Measuring | None, person: Person, today: date) -> Journey:
    """The way through that stage, seen from that day. A few queries, however much is planned."""
    plans = open_plans(person, stage.id, _MOST_PLANS)
    stops = [*_phases(stage, today), *_survey(stage, survey, today), *_plans(stage, plans, today)]
    stops.sort(key=lambda stop: (stop.on, stop.what != "begins"))
    return Journey(
        behind=[stop for stop in stops if stop.is_past],
        ahead=[stop for stop in stops if not stop.is_past],
        phase=stage.phase(today),
        own=own_in_stage(person, stage.id, MOST_OWN),
    )


def last_day(stage: Stage) -> date:
    """The last day of the stage; `end_on` is the first day after it."""
    return stage.end_on - timedelta(days=1)


def days_until_next_phase(stage: Stage, today: date) -> int:
    """0 once it has ended."""
    ends = [stage.begins(phase) for phase, _column in PHASE_DATES if stage.begins(phase) > today]
    return (ends[0] - today).days if ends else 0


class PhaseBar(NamedTuple):
    """A phase, its first and last day, and how much of it has passed (0–100)."""

    phase: Phase
    begins: date
    last_day: date
    share: int


def phase_bars(stage: Stage, today: date) -> tuple[PhaseBar, ...]:
    """One for each of the three."""
    return tuple(
        _bar(phase, stage.begins(phase), stage.begins(after), today)
        for (phase, _begins), (after, _ends) in pairwise(PHASE_DATES)
    )


def _bar(phase: Phase, begins: date, ends: date, today: date) -> PhaseBar:
    # A phase may be skipped: then it begins and ends on the same day.
    share = 100 if today >= ends else max(0, 100 * (today - begins).days // max(1, (ends - begins).days))
    return PhaseBar(phase, begins, max(begins, ends - timedelta(days=1)), share)


def _phases(stage: Stage, today: date) -> list[Milestone]:
    begins = [
        Milestone(phase, stage.begins(phase), "begins", stage.begins(phase) <= today)
        for phase in (Phase.MEASURE, Phase.ACTIVATE, Phase.LEARN)
    ]
    to_act = stage.learn_on - timedelta(days=1)
    return [
        *begins,
        *(
            [Milestone(Phase.ACTIVATE, to_act, "last_day", to_act < today)]
            if to_act >= stage.activate_on
            else []
        ),
        Milestone(Phase.LEARN, max(last_day(stage), stage.learn_on), "ends", stage.end_on <= today),
    ]


def _survey(stage: Stage, survey: Measuring | None, today: date) -> list[Milestone]:
    """Its last day, wherever a lead has moved it; it opens as the stage begins."""
    if survey is None:
        return []
    on = survey.last_day
    return [Milestone(_phase_on(stage, on), on, "survey_closes", survey.ends_on <= today)]


def _plans(stage: Stage, plans: list[OwnActivity], today: date) -> list[Milestone]:
    """What the person has planned for a day within the stage."""
    return [
        Milestone(
            _phase_on(stage, plan.planned_for), plan.planned_for, "plan", plan.planned_for <= today, plan
        )
        for plan in plans
        if plan.planned_for and stage.measure_on <= plan.planned_for < stage.end_on
    ]


def _phase_on(stage: Stage, day: date) -> Phase:
    phase = stage.phase(day)
    return Phase.LEARN if phase == Phase.ENDED else phase
