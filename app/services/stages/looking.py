"""What is looked for when a step of the playbook goes out, and what is found."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from app.models.person import Person, in_portions
from app.models.stage import Stage
from app.services.notifications.playbook import Step

#: People, or plans, in one transaction.
PORTION: Final = 2000


@dataclass(frozen=True)
class Call:
    """Who is told the same. `about` ends the notification's key; `parts` are put into the step's url."""

    person_ids: list[int]
    about: str = ""
    parts: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Looking:
    """What is looked for: the people of a step in that stage, on that day. `since` is the day on which it was gone
    through last; None if it never was."""

    step: Step
    stage: Stage
    today: date
    now: datetime
    since: date | None
    #: Only those of the step's people.
    among: tuple[ColumnElement[bool], ...] = ()

    def people(self, *conditions: ColumnElement[bool]) -> Iterator[list[int]]:
        """Those of the step's roles who are here, portion by portion; each is read when the one before is done."""
        roles = [role.value for role in self.step.who]
        here = select(Person.id).where(Person.is_present, Person.role.in_(roles), *self.among, *conditions)
        return in_portions(here, PORTION)
