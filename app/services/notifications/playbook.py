"""The playbook: who is told what when a stage enters a phase. A row is a message; a role has one row for each phase."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.models.notification import Kind
from app.models.person import Role
from app.models.stage import Phase, Stage

EVERYBODY: Final = frozenset(Role)
PARTICIPANTS: Final = frozenset({Role.PARTICIPANT})
COORDINATORS_AND_LEADS: Final = frozenset({Role.COORDINATOR, Role.LEAD})
STEERING: Final = frozenset({Role.STEERING})


@dataclass(frozen=True)
class Step:
    """A row. `name` is stored with each notification, so it must not change. `{number}` in the url is the stage's."""

    phase: Phase
    who: frozenset[Role]
    kind: Kind
    name: str
    title: LazyString
    body: LazyString
    url: str


_l = lazy_gettext

# fmt: off
PLAYBOOK: Final[tuple[Step, ...]] = (
    Step(Phase.MEASURE, EVERYBODY, Kind.STAGE, "measure",
         _l("Stage %(number)s begins: %(name)s"),
         _l("See what it is about, and what happens when."), "/stages/{number}"),
    Step(Phase.ACTIVATE, PARTICIPANTS, Kind.STAGE, "activate",
         _l("Now we act"),
         _l("Plan something concrete. It takes a minute."), "/activities/new"),
    Step(Phase.ACTIVATE, COORDINATORS_AND_LEADS, Kind.STAGE, "activate-staff",
         _l("The Act phase of stage %(number)s begins"),
         _l("Plan something yourself, and bring a colleague along."), "/activities/new"),
    Step(Phase.ACTIVATE, STEERING, Kind.STAGE, "activate-steering",
         _l("The Act phase of stage %(number)s begins"),
         _l("Follow the plans, municipality by municipality."), "/insights/stages/{number}"),
    Step(Phase.LEARN, PARTICIPANTS, Kind.STAGE, "learn",
         _l("Now we learn from each other"),
         _l("Tell us how it went. What came to nothing teaches just as much."), "/activities/mine"),
    Step(Phase.LEARN, COORDINATORS_AND_LEADS, Kind.STAGE, "learn-staff",
         _l("Now we learn: bring in the last reports"),
         _l("See what still has no report."), "/insights/stages/{number}"),
    Step(Phase.LEARN, STEERING, Kind.STAGE, "learn-steering",
         _l("Stage %(number)s has been carried out"),
         _l("See what it led to so far."), "/insights/stages/{number}"),
    Step(Phase.ENDED, PARTICIPANTS, Kind.STAGE, "ended",
         _l("Stage %(number)s is done. Thank you!"),
         _l("See what we did together."), "/stages/{number}/end"),
    Step(Phase.ENDED, COORDINATORS_AND_LEADS | STEERING, Kind.STAGE, "ended-staff",
         _l("Stage %(number)s is done: here is the result"),
         _l("What was planned, what was carried out, and where."), "/insights/stages/{number}"),
)
# fmt: on

_BY_NAME: Final = {step.name: step for step in PLAYBOOK}


def steps(phase: Phase) -> list[Step]:
    """The messages that go out when a stage enters that phase."""
    return [step for step in PLAYBOOK if step.phase == phase]


def step_named(name: str) -> Step:
    """The row that a notification was written from."""
    return _BY_NAME[name]


def url_of(step: Step, stage: Stage) -> str:
    """The path that the message opens."""
    return step.url.format(number=stage.number)


def parameters_of(step: Step, stage: Stage) -> dict[str, Any]:
    """What the message's text is made from."""
    return {"step": step.name, "number": stage.number, "name": stage.name}
