"""A person's own activities: what is to be reported, what is coming, what is done, what others ask them to join."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner, Withdrawal
from app.models.moderation import Removal
from app.models.outcome import Outcome
from app.models.person import Person

#: Where a plan without a date stands: after all that have one.
SOMEDAY = date(9999, 12, 31)

_when = func.coalesce(Activity.planned_for, SOMEDAY)


def ahead(person: Person, stage_id: int, limit: int) -> list[Activity]:
    """What is left to do and to report in that stage, and not hidden, oldest date first."""
    query = _of(person).where(
        Outcome.activity_id.is_(None), Activity.stage_id == stage_id, _is_not_taken_away()
    )
    return list(db.session.scalars(query.order_by(_when, Activity.id).limit(limit)))


def unreported(person: Person, after: tuple[date, int] | None, limit: int) -> list[Activity]:
    """Owned or joined, not reported, oldest date first: so what is due comes before what is coming. `after` is the date
    (SOMEDAY for none) and id of the last one seen."""
    query = _of(person).where(Outcome.activity_id.is_(None)).order_by(_when, Activity.id).limit(limit)
    if after:
        query = query.where(or_(_when > after[0], and_(_when == after[0], Activity.id > after[1])))
    return list(db.session.scalars(query))


def reported(person: Person, after: tuple[datetime, int] | None, limit: int) -> list[Activity]:
    """Owned or joined, reported, latest report first. `after` is the moment and id of the last one seen."""
    query = (
        _of(person).where(Outcome.activity_id.is_not(None)).order_by(Outcome.at.desc(), Activity.id.desc())
    )
    if after:
        query = query.where(or_(Outcome.at < after[0], and_(Outcome.at == after[0], Activity.id < after[1])))
    return list(db.session.scalars(query.limit(limit)))


def open_invitations(person: Person, limit: int = 20) -> list[CoOwner]:
    """Invitations that wait for the person's answer, latest first, each with its activity and the activity's owner."""
    query = (
        select(CoOwner)
        .join(CoOwner.activity)
        .options(
            contains_eager(CoOwner.activity).options(
                joinedload(Activity.owner, innerjoin=True), joinedload(Activity.value, innerjoin=True)
            )
        )
        .where(CoOwner.person_id == person.id, CoOwner.answer == Answer.INVITED.value)
        .where(_is_not_taken_away(), ~select(1).where(Outcome.activity_id == Activity.id).exists())
        .order_by(CoOwner.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def _of(person: Person) -> Select[Activity]:
    joined = select(CoOwner.activity_id).where(
        CoOwner.person_id == person.id, CoOwner.answer == Answer.ACCEPTED.value
    )
    theirs = union_all(select(Activity.id).where(Activity.owner_id == person.id), joined)
    return (
        select(Activity)
        .outerjoin(Activity.outcome)
        .options(
            contains_eager(Activity.outcome),
            joinedload(Activity.value, innerjoin=True),
            joinedload(Activity.removal),
        )
        .where(Activity.id.in_(theirs), ~_withdrawn())
    )


def _is_not_taken_away() -> ColumnElement[bool]:
    hidden = select(1).where(Removal.activity_id == Activity.id).exists()
    return and_(~_withdrawn(), ~hidden)


def _withdrawn() -> ColumnElement[bool]:
    return select(1).where(Withdrawal.activity_id == Activity.id).exists()
