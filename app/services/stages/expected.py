"""What is expected of a person now: the one thing that is most worth doing. The feed's head and the journey ask here.

The order, of which the first that is true is said:

1. `REPORT`: a plan that one makes, alone or with others, waits for its report, from the day after its day and for three
   weeks. What happened is remembered best at once, and nothing is learned without it.
2. `INVITATION`: a colleague waits for an answer.
3. `SURVEY`: the survey is open, can be answered, and the person has not. It takes ninety seconds.
4. `CORRECTION`: a coordinator has sent the completion of a challenge back.
5. `DECISION`: colleagues wait for a coordinator or a lead.
6. `PLAN`: it is time to act, and the person has neither planned nor reported anything in the stage; with a suggestion.
   Not of the steering group, which follows.
7. `COMING`: what is planned, read back as a sentence.
8. `MORE`: it is time to act, and what the person had planned is done.
9. `LEARN`: it is time to learn, from the stage's lessons once they are published.
10. `RESULTS`: the stage is over.
11. `REST`: nothing.

Of somebody else's nothing is ever said, and nobody else sees it: that the survey is not asked for any more means that
the person has answered (docs/product.md, "The measurement's anonymity").
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

from app.extensions import db
from app.models.person import Person, Role
from app.models.stage import Phase, Stage
from app.models.survey import Survey, SurveyParticipation
from app.services.feed.waiting import Waiting, latest_invitation, next_due, next_plan, sent_back
from app.services.stages.decisions import decisions_for
from app.services.stages.suggestion import Suggestion


class Task(StrEnum):
    """What may be expected of somebody."""

    REPORT = "report"
    INVITATION = "invitation"
    SURVEY = "survey"
    CORRECTION = "correction"
    DECISION = "decision"
    PLAN = "plan"
    COMING = "coming"
    MORE = "more"
    LEARN = "learn"
    RESULTS = "results"
    REST = "rest"


#: What asks for nothing, so that the feed's head is silent about it.
QUIET: Final = frozenset({Task.MORE, Task.REST})


class Expected(NamedTuple):
    """`about` is what the task's words and its link need: an `OwnPlan`, an `Invitation`, an `OpenSurvey`, `Decisions`,
    a `Suggestion`, or the number of the stage, for learning only where it has lessons; None where there is nothing to
    say."""

    task: Task
    about: Any = None


class Viewer(Protocol):
    """Who asks: a whole person, or as much of one as every page knows."""

    @property
    def id(self) -> int: ...
    @property
    def municipality_id(self) -> int: ...
    def is_a(self, *roles: Role) -> bool: ...


class OpenSurvey(NamedTuple):
    """One that can be answered."""

    stage_id: int
    #: On which it can be answered.
    last_day: date


class Situation(NamedTuple):
    """One person on one day, as the order looks at them. `survey` is open to everybody; `suggest` is called only for
    somebody who has no plan, and `has_lessons` only when it is time to learn."""

    viewer: Viewer
    waiting: Waiting
    today: date
    #: The one that people act in.
    stage: Stage | None
    survey: OpenSurvey | None
    suggest: Callable[[Stage], Suggestion | None]
    has_lessons: Callable[[Stage], bool]

    def is_in(self, phase: Phase) -> bool:
        return self.stage is not None and self.stage.phase(self.today) == phase


def expected_of(situation: Situation) -> Expected:
    """At most two queries for who decides about nothing."""
    for find in _ORDER:
        expected = find(situation)
        if expected:
            return expected
    return Expected(Task.REST)


def open_survey(today: date) -> OpenSurvey | None:
    """The same for everybody: callers keep it."""
    survey = Survey.open_on(today)
    return OpenSurvey(survey.stage_id, survey.last_day) if survey and not survey.is_paused else None


def _report(now: Situation) -> Expected | None:
    return _if_waiting(now, Waiting.REPORT, Task.REPORT, next_due)


def _invitation(now: Situation) -> Expected | None:
    return _if_waiting(now, Waiting.INVITATION, Task.INVITATION, latest_invitation)


def _survey(now: Situation) -> Expected | None:
    if now.survey is None or SurveyParticipation.exists_for(now.survey.stage_id, now.viewer.id):
        return None
    return Expected(Task.SURVEY, now.survey)


def _correction(now: Situation) -> Expected | None:
    return _if_waiting(now, Waiting.CORRECTION, Task.CORRECTION, sent_back)


def _decision(now: Situation) -> Expected | None:
    if not now.viewer.is_a(Role.COORDINATOR, Role.LEAD):
        return None
    decisions = decisions_for(db.session.get_one(Person, now.viewer.id))
    return Expected(Task.DECISION, decisions) if decisions and any(decisions) else None


def _plan(now: Situation) -> Expected | None:
    if now.waiting != Waiting.NOTHING or now.stage is None or now.viewer.is_a(Role.STEERING):
        return None
    return Expected(Task.PLAN, now.suggest(now.stage)) if now.is_in(Phase.ACTIVATE) else None


def _coming(now: Situation) -> Expected | None:
    return _if_waiting(now, Waiting.PLAN, Task.COMING, next_plan)


def _more(now: Situation) -> Expected | None:
    return Expected(Task.MORE) if now.waiting == Waiting.DONE and now.is_in(Phase.ACTIVATE) else None


def _learn(now: Situation) -> Expected | None:
    if now.stage is None or not now.is_in(Phase.LEARN):
        return None
    return Expected(Task.LEARN, now.stage.number if now.has_lessons(now.stage) else None)


def _results(now: Situation) -> Expected | None:
    return Expected(Task.RESULTS, now.stage.number) if now.stage and now.is_in(Phase.ENDED) else None


def _if_waiting(
    now: Situation, waiting: Waiting, task: Task, read: Callable[[int, int | None, date], Any]
) -> Expected | None:
    """None also when it has been seen to at this very moment."""
    if now.waiting != waiting:
        return None
    about = read(now.viewer.id, now.stage.id if now.stage else None, now.today)
    return Expected(task, about) if about else None


_ORDER: Final = (
    _report,
    _invitation,
    _survey,
    _correction,
    _decision,
    _plan,
    _coming,
    _more,
    _learn,
    _results,
)
