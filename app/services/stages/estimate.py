"""How many people a step of the playbook would reach if it went out today, by push and by mail: today's best guess."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, case, cast, func, select, true

from app.extensions import db
from app.models.activity import Activity
from app.models.notification import Group, takes_pushes
from app.models.person import Person
from app.models.stage import Stage
from app.services.notifications.kinds import KINDS
from app.services.notifications.playbook import PARTICIPANTS, PLAYBOOK, Reach, Step
from app.services.points.standings import standings
from app.services.stages.idle import is_idle
from app.services.stages.plan_days import days_ahead, has_open_plan


@dataclass(frozen=True)
class Reached:
    """`by_push` have a device that takes pushes, `by_mail` have none; the others have switched the group or the digest
    off, or paused, and find it in the inbox only."""

    people: int = 0
    by_push: int = 0
    by_mail: int = 0

    @property
    def in_inbox_only(self) -> int:
        return self.people - self.by_push - self.by_mail

    def __add__(self, other: "Reached") -> "Reached":
        return Reached(self.people + other.people, self.by_push + other.by_push, self.by_mail + other.by_mail)


#: What depends on what people do until it goes out, so that a number can only be a guess.
_DEPENDS: Final = frozenset(Reach) - {Reach.ALL, Reach.WATCH}


def is_a_guess(step: Step) -> bool:
    return step.reach in _DEPENDS


def estimates(stage: Stage, today: date) -> dict[str, Reached]:
    """By step. As many queries as there are ways to reach people, however many people and steps there are."""
    return _Estimates(stage, today).by_step()


class _Estimates:
    def __init__(self, stage: Stage, today: date) -> None:
        self._stage, self._today = stage, today
        self._everybody: dict[Group | None, dict[tuple[str, int], Reached]] = {}
        self._some: dict[tuple[Reach, Group | None], Reached] = {}
        self._ranked = {row.municipality_id for row in standings(stage.id) if row.rank and row.points}

    def by_step(self) -> dict[str, Reached]:
        return {step.name: self._of(step) for step in PLAYBOOK if step.when}

    def _of(self, step: Step) -> Reached:
        group = KINDS[step.kind].group
        if step.reach in (Reach.ALL, Reach.WATCH, Reach.RANKED, Reach.UNRANKED):
            return self._of_roles(step, group)
        # Three suggestions share an occasion, and a person gets the first that there is: the same people stand behind.
        reach = Reach.IDLE_CHALLENGE if step.occasion else step.reach
        if (reach, group) not in self._some:
            self._some[reach, group] = count_reached(self._condition(reach), group)
        return self._some[reach, group]

    def _of_roles(self, step: Step, group: Group | None) -> Reached:
        if group not in self._everybody:
            self._everybody[group] = reached_by_role_and_place(group)
        counts = self._everybody[group]
        reached = Reached()
        for (role, place), count in counts.items():
            if role in step.who and self._is_of(step.reach, place):
                reached += count
        return reached

    def _is_of(self, reach: Reach, municipality_id: int) -> bool:
        if reach is Reach.RANKED:
            return municipality_id in self._ranked
        return reach is not Reach.UNRANKED or municipality_id not in self._ranked

    def _condition(self, reach: Reach) -> ColumnElement[bool]:
        stage_id, today = self._stage.id, self._today
        match reach:
            case Reach.IDLE_CHALLENGE:
                participants = Person.role.in_([role.value for role in PARTICIPANTS])
                return participants & is_idle(stage_id, today)
            case Reach.WITH_OPEN_PLANS:
                return has_open_plan(stage_id)
            case Reach.EVE:
                return has_open_plan(stage_id, Activity.planned_for.in_(days_ahead(today)))
            case _:
                return has_open_plan(stage_id, Activity.planned_for == today)


def count_reached(condition: ColumnElement[bool], group: Group | None) -> Reached:
    """Those who are here and meet the condition."""
    row = db.session.execute(select(*_sums(group)).where(Person.is_present, condition)).one()
    return Reached(*(number or 0 for number in row))


def reached_by_role_and_place(group: Group | None) -> dict[tuple[str, int], Reached]:
    """Everybody who is here, by role and municipality: one query for all that are made of these."""
    query = select(Person.role, Person.municipality_id, *_sums(group)).where(Person.is_present)
    rows = db.session.execute(query.group_by(Person.role, Person.municipality_id))
    return {(role, place): Reached(*numbers) for role, place, *numbers in rows}


def _sums(group: Group | None) -> tuple[Any, ...]:
    hears = and_(~Person.is_paused, _has_on(group))
    pushed = takes_pushes(Person.id)
    return (
        func.count(),
        func.sum(case((and_(hears, pushed), 1), else_=0)),
        func.sum(case((and_(hears, ~pushed, Person.takes_digest), 1), else_=0)),
    )


def _has_on(group: Group | None) -> ColumnElement[bool]:
    """Condition: the person has not switched the group off. The list is JSON, and both engines write its text alike."""
    return ~cast(Person.muted_groups, String).contains(f'"{group.value}"') if group else true()
