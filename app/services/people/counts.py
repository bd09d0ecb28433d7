"""How many people have joined, in all and by role, and how many a message reaches."""

from typing import Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.person import Person, Role
from app.models.programme import Municipality
from app.models.stage import Phase
from app.services.notifications.playbook import Step, steps

_PARTICIPANTS: Final = select(func.coalesce(func.sum(Municipality.registered), 0))
_BY_ROLE: Final = select(Person.role, func.count()).where(Person.is_present).group_by(Person.role)


def participants() -> int:
    """Everybody who has joined and not left."""
    return int(db.session.connection().scalar(_PARTICIPANTS) or 0)


def people_by_role() -> dict[Role, int]:
    """Those who have not left."""
    counts = dict(db.session.connection().execute(_BY_ROLE).all())
    return {role: counts.get(role.value, 0) for role in Role}


def audience(phase: Phase) -> list[tuple[Step, int]]:
    """The messages that are sent when a stage enters that phase, with the number of people that each reaches."""
    people = people_by_role()
    return [(step, sum(people[role] for role in step.who)) for step in steps(phase)]
