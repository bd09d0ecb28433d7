"""What colleagues see of one another: what somebody does, and their points if they want them seen."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner, Withdrawal
from app.models.ledger import PersonTotal
from app.models.moderation import Removal
from app.models.person import Person


def activities_of(person: Person, before: tuple[datetime, int] | None, limit: int) -> list[Activity]:
    """What the person owns or does with others, latest plan first, without what is withdrawn or hidden.

    `before` is the moment and id of the last one seen.
    """
    joined = select(CoOwner.activity_id).where(
        CoOwner.person_id == person.id, CoOwner.answer == Answer.ACCEPTED.value
    )
    theirs = union_all(select(Activity.id).where(Activity.owner_id == person.id), joined)
    query = (
        select(Activity)
        .where(
            Activity.id.in_(theirs),
            ~select(1).where(Withdrawal.activity_id == Activity.id).exists(),
            ~select(1).where(Removal.activity_id == Activity.id).exists(),
        )
        .options(
            joinedload(Activity.value, innerjoin=True),
            joinedload(Activity.outcome),
            joinedload(Activity.municipality),
        )
        .order_by(Activity.created_at.desc(), Activity.id.desc())
        .limit(limit)
    )
    if before:
        at, last = before
        query = query.where(
            or_(Activity.created_at < at, and_(Activity.created_at == at, Activity.id < last))
        )
    return list(db.session.scalars(query))


def points_to_show(person: Person) -> int | None:
    """All points of the person, or None when they do not want to be ranked."""
    if not person.ranked:
        return None
    return (
        db.session.scalar(select(func.sum(PersonTotal.points)).where(PersonTotal.person_id == person.id)) or 0
    )
