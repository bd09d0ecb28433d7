"""The playbook: what goes out when, to whom. A row is a message; app/services/stages/run_playbook.py sends it.

Each reaches a person once for its occasion, however often it is gone through: also to somebody who joins while it still
makes sense, after a stage was moved, and when the worker was down over its time.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.models.notification import Kind
from app.models.person import Role
from app.models.stage import PHASE_DATES, Phase, Stage

EVERYBODY: Final = frozenset(Role)
PARTICIPANTS: Final = frozenset({Role.PARTICIPANT})
COORDINATORS: Final = frozenset({Role.COORDINATOR})
COORDINATORS_AND_LEADS: Final = frozenset({Role.COORDINATOR, Role.LEAD})
STEERING: Final = frozenset({Role.STEERING})
DOERS: Final = PARTICIPANTS | COORDINATORS

_ORDER: Final = [Phase.UPCOMING, *(phase for phase, _column in PHASE_DATES)]
_WEEK: Final = 7


@dataclass(frozen=True)
class When:
    """The days of each stage on which a step goes out. `during` are the phases in which it makes sense."""

    during: tuple[Phase, ...]
    #: Of a step that has a day of its own: its phase, and how far from that phase's first day.
    phase: Phase | None = None
    days: int = 0
    is_halfway: bool = False
    #: For how many days it still makes sense after its day.
    lasts: int = 0
    #: Monday is 0; None for every day.
    weekday: int | None = None

    def is_due(self, stage: Stage, today: date) -> bool:
        if stage.phase(today) not in self.during:
            return False
        if day := self.day(stage):
            return timedelta(0) <= today - day <= timedelta(self.lasts)
        return self.weekday is None or (today.weekday() - self.weekday) % _WEEK <= self.lasts

    def is_over(self, stage: Stage, today: date) -> bool:
        """Whether it has had a day, and makes no sense any more."""
        day = self.day(stage)
        if day is None:
            return False
        is_past = _ORDER.index(stage.phase(today)) > max(_ORDER.index(phase) for phase in self.during)
        return is_past or today - day > timedelta(self.lasts)

    def may_come(self, stage: Stage, today: date) -> bool:
        """Whether a phase in which it makes sense is here or still to come."""
        return _ORDER.index(stage.phase(today)) <= max(_ORDER.index(phase) for phase in self.during)

    def day(self, stage: Stage) -> date | None:
        """Its day in that stage; None when it goes out on many."""
        if self.phase is None:
            return None
        begins = stage.begins(self.phase)
        if not self.is_halfway:
            return begins + timedelta(self.days)
        return begins + (stage.begins(_ORDER[_ORDER.index(self.phase) + 1]) - begins) / 2


def _begins(phase: Phase) -> When:
    return When((phase,), phase, lasts=_WEEK)


def _halfway(phase: Phase) -> When:
    return When((phase,), phase, is_halfway=True, lasts=2)


def _days_before(phase: Phase, days: int) -> When:
    return When((_ORDER[_ORDER.index(phase) - 1],), phase, days=-days, lasts=1)


def _daily(*during: Phase) -> When:
    return When(during)


def _on_mondays(*during: Phase) -> When:
    """On Tuesday, if the worker was down on Monday."""
    return When(during, weekday=0, lasts=1)


class Reach(StrEnum):
    """Whom of its roles a step reaches, and about what; app/services/stages/reach.py finds them."""

    ALL = "all of them"
    RANKED = "those whose municipality has a rank, with its standing"
    UNRANKED = "those whose municipality has none"
    IDLE_CHALLENGE = "who could have planned for a week and has not, with an open challenge that fits"
    IDLE_IDEA = "the same, with something that worked well in their municipality, or else nearby"
    IDLE_SQUARE = "the same, with a square of the quilt that is still empty"
    WITH_OPEN_PLANS = "who has something planned that is not reported"
    EVE = "who has planned something for tomorrow (on Fridays, until Monday)"
    EVE_OF_OTHERS = "who comes along to what somebody has planned for tomorrow (on Fridays, until Monday)"
    DAY_AFTER = "who planned something for one of the last days and has not reported it"
    WATCH = "each with how many are quiet in their municipality, and how much waits for them"
    ELSEWHERE = "whom the service finds that sends it"


@dataclass(frozen=True)
class Step:
    """A row. `name` is stored with each notification, so it must not change. `{number}` in the url is the stage's."""

    name: str
    #: None when another service sends it at its own time.
    when: When | None
    who: frozenset[Role]
    reach: Reach
    kind: Kind
    title: LazyString
    body: LazyString
    url: str
    #: What several rows share that are said of the same occasion: a person gets the first that there is for them.
    occasion: str = ""
    #: Where it leads instead as long as an earlier stage has published lessons; `{lessons_of}` is that stage's number.
    url_with_lessons: str = ""
    #: The body instead, where nothing has been planned in the stage.
    unplanned: LazyString | None = None

    def key(self, stage: Stage, about: str = "") -> str:
        """The notification's key: nobody is told twice of the same occasion."""
        return ":".join(filter(None, ("stage", str(stage.number), self.occasion or self.name, about)))


_l = lazy_gettext
_MEASURE, _ACTIVATE, _LEARN, _ENDED = Phase.MEASURE, Phase.ACTIVATE, Phase.LEARN, Phase.ENDED
_RUNNING: Final = (_MEASURE, _ACTIVATE, _LEARN)

# fmt: off
PLAYBOOK: Final[tuple[Step, ...]] = (
    Step("measure", _begins(_MEASURE), EVERYBODY, Reach.ALL, Kind.STAGE,
         _l("Stage %(number)s begins: %(name)s"),
         _l("See what it is about, and what happens when."), "/stages/{number}"),
    # Sent by services/survey/telling.py: it alone knows who has not answered.
    Step("survey-open", None, EVERYBODY, Reach.ELSEWHERE, Kind.SURVEY,
         _l("How does it look where you are?"),
         _l("Ninety seconds, anonymously. The survey is open until %(last_day)s."), "/survey"),
    Step("survey-reminder", None, EVERYBODY, Reach.ELSEWHERE, Kind.SURVEY,
         _l("There is still time to answer the survey"),
         _l("Ninety seconds, anonymously, until %(last_day)s."), "/survey"),
    Step("survey-released", None, EVERYBODY, Reach.ELSEWHERE, Kind.SURVEY,
         _l("This is what we answered"),
         _l("The result of the survey of stage %(number)s is here."), "/survey/results/{number}"),
    Step("activate", _begins(_ACTIVATE), PARTICIPANTS, Reach.ALL, Kind.STAGE,
         _l("Now we act"),
         _l("%(lesson)s Plan something concrete. It takes a minute."), "/activities/new",
         url_with_lessons="/stages/{lessons_of}/lessons"),
    Step("activate-staff", _begins(_ACTIVATE), COORDINATORS_AND_LEADS, Reach.ALL, Kind.STAGE,
         _l("The Act phase of stage %(number)s begins"),
         _l("%(lesson)s Plan something yourself, and bring a colleague along."), "/activities/new",
         url_with_lessons="/stages/{lessons_of}/lessons"),
    Step("activate-steering", _begins(_ACTIVATE), STEERING, Reach.ALL, Kind.STAGE,
         _l("The Act phase of stage %(number)s begins"),
         _l("Follow the plans, municipality by municipality."), "/insights/stages/{number}"),
    Step("idle-challenge", _daily(_ACTIVATE), PARTICIPANTS, Reach.IDLE_CHALLENGE, Kind.SUGGESTION,
         _l("A challenge that fits you"),
         _l("%(title)s. It is enough to begin small."), "/challenges/{id}", "idle"),
    Step("idle-idea", _daily(_ACTIVATE), PARTICIPANTS, Reach.IDLE_IDEA, Kind.SUGGESTION,
         _l("Borrow something that worked"),
         _l("%(title)s, by %(author)s in %(place)s. Make it yours."), "/activities/{id}", "idle"),
    Step("idle-square", _daily(_ACTIVATE), PARTICIPANTS, Reach.IDLE_SQUARE, Kind.SUGGESTION,
         _l("Be the first on an empty square"),
         _l("Nobody has done anything yet for %(area)s and %(value)s."),
         "/activities/new?value={value}&focus_area={area}", "idle"),
    Step("eve", _daily(*_RUNNING), EVERYBODY, Reach.EVE, Kind.PLAN,
         _l("Soon: %(title)s"),
         _l("%(sentence)s"), "/activities/{id}"),
    Step("eve-coming", _daily(*_RUNNING), EVERYBODY, Reach.EVE_OF_OTHERS, Kind.PLAN,
         _l("Soon: %(title)s"),
         _l("%(sentence)s You are coming along."), "/activities/{id}"),
    Step("day-after", _daily(*_RUNNING, _ENDED), EVERYBODY, Reach.DAY_AFTER, Kind.CLOSE_OUT,
         _l("How did it go? · %(title)s"),
         _l("One tap is enough: it happened, it is moved, or it came to nothing."), "/activities/{id}/outcome"),
    Step("halfway", _halfway(_ACTIVATE), DOERS, Reach.RANKED, Kind.STAGE,
         _l("Halfway: %(place)s is number %(rank)s"),
         _l("%(score)s points a person so far, and %(days)s days left to act."), "/leaderboard"),
    Step("halfway-unranked", _halfway(_ACTIVATE), DOERS, Reach.UNRANKED, Kind.STAGE,
         _l("Halfway"),
         _l("%(done)s of %(planned)s plans are carried out, and %(days)s days are left to act."), "/stages/{number}",
         unplanned=_l("Nothing is planned yet, and %(days)s days are left to act.")),
    Step("last-days", _days_before(_LEARN, 3), EVERYBODY, Reach.WITH_OPEN_PLANS, Kind.PLAN,
         _l("Three days left to act"),
         _l("You have something planned that is not reported. What came to nothing counts too."), "/activities/mine"),
    Step("learn", _begins(_LEARN), PARTICIPANTS, Reach.ALL, Kind.STAGE,
         _l("Now we learn from each other"),
         _l("%(done)s of %(planned)s plans are carried out. How did yours go? What came to nothing teaches as much."),
         "/activities/mine",
         unplanned=_l("Did you do something? Tell how it went. What came to nothing teaches as much.")),
    Step("learn-staff", _begins(_LEARN), COORDINATORS_AND_LEADS, Reach.ALL, Kind.STAGE,
         _l("Now we learn: bring in the last reports"),
         _l("%(done)s of %(planned)s plans are carried out. See what still has no report."),
         "/insights/stages/{number}",
         unplanned=_l("Nothing was planned. Ask around: what was done can still be told.")),
    Step("learn-steering", _begins(_LEARN), STEERING, Reach.ALL, Kind.STAGE,
         _l("Stage %(number)s has been carried out"),
         _l("%(done)s of %(planned)s plans so far. See what it led to."), "/insights/stages/{number}",
         unplanned=_l("Nothing was planned. What is told before the stage ends still counts.")),
    Step("ended", _begins(_ENDED), PARTICIPANTS, Reach.ALL, Kind.STAGE,
         _l("Stage %(number)s is done. Thank you!"),
         _l("See what we did together. %(next)s"), "/stages/{number}/end"),
    Step("ended-staff", _begins(_ENDED), COORDINATORS_AND_LEADS | STEERING, Reach.ALL, Kind.STAGE,
         _l("Stage %(number)s is done: here is the result"),
         _l("What was planned, what was carried out, and where. %(next)s"), "/insights/stages/{number}"),
    Step("monday", _on_mondays(_ACTIVATE, _LEARN), COORDINATORS, Reach.WATCH, Kind.SUMMARY,
         _l("Your week in %(place)s"),
         _l("%(quiet)s %(waiting)s"), "/moderation"),
    # Sent by services/stages/lesson_publishing.py, once somebody has published them.
    Step("lessons", None, EVERYBODY, Reach.ELSEWHERE, Kind.STAGE,
         _l("This is what we learned"),
         _l("What worked and which traps to avoid, chosen from stage %(number)s."), "/stages/{number}/lessons"),
)
# fmt: on

_BY_NAME: Final = {step.name: step for step in PLAYBOOK}


def steps(phase: Phase) -> list[Step]:
    """The messages that go out as a stage enters that phase."""
    return [step for step in PLAYBOOK if step.when == _begins(phase)]


def step_named(name: str) -> Step:
    """The row that a notification was written from."""
    return _BY_NAME[name]


def url_of(step: Step, stage: Stage, *, lessons_of: int | None = None, **parts: Any) -> str:
    """The path that the message opens. `lessons_of` is the number of the stage of whose lessons it names the first."""
    url = step.url if lessons_of is None else step.url_with_lessons
    return url.format(number=stage.number, lessons_of=lessons_of, **parts)


def parameters_of(step: Step, stage: Stage) -> dict[str, Any]:
    """What the message's text is made from, in any stage."""
    return {"step": step.name, "number": stage.number, "name": stage.name}
