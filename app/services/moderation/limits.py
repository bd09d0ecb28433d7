"""Whoever is limited for a time may read, and write nothing that others see."""

from sqlalchemy import func, select, update

from app.extensions import db
from app.models.contribution import Contribution, Removal
from app.models.moderation import Decision
from app.models.person import Person, Role


def may_be_limited(person_id: int | None) -> bool:
    """Only participants: those who moderate or steer answer to the programme office."""
    role = db.session.scalar(select(Person.role).where(Person.id == person_id, Person.is_present))
    return role == Role.PARTICIPANT


def settle_limit(decision: Decision) -> None:
    """After a decision that limits has come into force or is no longer in force: its owner is limited as long as the
    longest of those in force says."""
    if decision.limits_until is None:
        return
    owner = select(Contribution.owner_id).where(Contribution.id == decision.contribution_id)
    _settle_limit(db.session.scalar(owner))


def _settle_limit(person_id: int | None) -> None:
    longest = (
        select(func.max(Decision.limits_until))
        .join(Removal, Removal.decision_id == Decision.id)
        .join(Contribution, Contribution.id == Decision.contribution_id)
        .where(Contribution.owner_id == person_id)
    )
    db.session.execute(
        update(Person).where(Person.id == person_id).values(limited_until=db.session.scalar(longest))
    )
