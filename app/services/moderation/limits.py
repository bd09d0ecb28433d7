"""Whoever is limited for a time may read, and write nothing that others see."""

from datetime import datetime

from sqlalchemy import func, select, update

from app.extensions import db
from app.models.contribution import Contributed, Contribution, Removal
from app.models.moderation import Decision
from app.models.person import Person, Role


def may_be_limited(person_id: int | None) -> bool:
    """Only participants: those who moderate or steer answer to the programme office."""
    role = db.session.scalar(select(Person.role).where(Person.id == person_id, Person.is_present))
    return role == Role.PARTICIPANT


def limit_owner(thing: Contributed, decision: Decision, until: datetime) -> None:
    """By that decision, until that moment; a longer limit stays as it is. Only whom `may_be_limited` names."""
    if not may_be_limited(thing.owner_id):
        return
    decision.limits_until = until
    db.session.flush()
    _settle_limit(thing.owner_id)


def lift_limit(decision: Decision) -> None:
    """What that decision limited is free again, unless another decision limits it too. Call it when the decision is no
    longer in force."""
    if decision.limits_until is None:
        return
    owner = select(Contribution.owner_id).where(Contribution.id == decision.contribution_id)
    _settle_limit(db.session.scalar(owner))


def _settle_limit(person_id: int | None) -> None:
    """The person is limited as long as the longest of the decisions in force says."""
    longest = (
        select(func.max(Decision.limits_until))
        .join(Removal, Removal.decision_id == Decision.id)
        .join(Contribution, Contribution.id == Decision.contribution_id)
        .where(Contribution.owner_id == person_id)
    )
    db.session.execute(
        update(Person).where(Person.id == person_id).values(limited_until=db.session.scalar(longest))
    )
