"""Whom a lead's own message goes to: the people of each audience as they are by now, and how many that are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement

from app.models.activity import Activity
from app.models.notification import Kind
from app.models.own_message import Audience
from app.models.person import Person, Role
from app.models.stage import Stage
from app.services.notifications.kinds import KINDS
from app.services.notifications.playbook import DOERS, EVERYBODY
from app.services.stages.estimate import Reached, count_reached, reached_by_role_and_place
from app.services.stages.idle import has_begun
from app.services.stages.plan_days import has_open_plan


class Choice(NamedTuple):
    """An audience, with the roles or municipalities that it asks for."""

    audience: Audience
    roles: frozenset[Role] = frozenset()
    municipality_ids: frozenset[int] = frozenset()


def roles_of(choice: Choice) -> frozenset[Role]:
    """The roles that its people have; who leads or steers is not expected to plan."""
    match choice.audience:
        case Audience.ROLES:
            return choice.roles
        case Audience.WITHOUT_PLAN | Audience.QUIET:
            return DOERS
        case _:
            return EVERYBODY


def conditions_of(choice: Choice, stage: Stage, today: date) -> tuple[ColumnElement[bool], ...]:
    """What its people meet, beside having one of its roles."""
    match choice.audience:
        case Audience.MUNICIPALITIES:
            return (Person.municipality_id.in_(choice.municipality_ids),)
        case Audience.WITHOUT_PLAN:
            return (~has_begun(stage.id),)
        case Audience.QUIET:
            return (Person.municipality_id.in_(choice.municipality_ids), ~has_begun(stage.id))
        case Audience.OVERDUE:
            return (has_open_plan(stage.id, Activity.planned_for < today),)
        case _:
            return ()


@dataclass(frozen=True)
class Counts:
    """How many each audience reaches today."""

    by_role_and_place: dict[tuple[str, int], Reached]
    without_plan: Reached
    overdue: Reached

    def of(self, choice: Choice) -> Reached:
        match choice.audience:
            case Audience.ROLES:
                return self._sum(lambda role, _place: role in choice.roles)
            case Audience.MUNICIPALITIES:
                return self._sum(lambda _role, place: place in choice.municipality_ids)
            case Audience.WITHOUT_PLAN:
                return self.without_plan
            case Audience.OVERDUE:
                return self.overdue
            case _:
                return self.everybody

    @property
    def everybody(self) -> Reached:
        return self._sum(lambda _role, _place: True)

    def of_role(self, role: str) -> Reached:
        return self._sum(lambda one, _place: one == role)

    def of_place(self, municipality_id: int) -> Reached:
        return self._sum(lambda _role, place: place == municipality_id)

    def _sum(self, belongs: Callable[[str, int], bool]) -> Reached:
        return _total(
            count for (role, place), count in self.by_role_and_place.items() if belongs(role, place)
        )


def _total(counts: Iterable[Reached]) -> Reached:
    return sum(counts, Reached())


def counts(stage: Stage, today: date) -> Counts:
    """Three queries, however many people there are."""
    group = KINDS[Kind.MESSAGE].group

    def some(audience: Audience) -> Reached:
        choice = Choice(audience)
        of_roles = Person.role.in_([role.value for role in roles_of(choice)])
        (condition,) = conditions_of(choice, stage, today)
        return count_reached(of_roles & condition, group)

    return Counts(reached_by_role_and_place(group), some(Audience.WITHOUT_PLAN), some(Audience.OVERDUE))
