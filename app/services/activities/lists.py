"""A person's own activities: what is to be reported, what is coming, what is done, what others ask them to join."""

from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models.activity import Activity, Answer, CoOwner, activities_of
from app.models.contribution import is_visible, is_withdrawn
from app.models.outcome import Outcome, is_reported
from app.models.paging import PAGE_SIZE, Page, after, before, page
from app.models.person import Person

#: Where a plan without a date stands: after all that have one.
SOMEDAY = date(9999, 12, 31)

_planned_day = func.coalesce(Activity.planned_for, SOMEDAY)


def open_plans(person: Person, stage_id: int, limit: int) -> list[Activity]:
    """What the person has still to do or to report in that stage, except what is hidden; oldest date first."""
    query = _own_activities(person).where(
        Outcome.activity_id.is_(None), Activity.stage_id == stage_id, is_visible(Activity.id)
    )
    return list(db.session.scalars(query.order_by(_planned_day, Activity.id).limit(limit)))


def unreported(person: Person, last: tuple[date, int] | None = None, size: int = PAGE_SIZE) -> Page[Activity]:
    """Owned or joined, not reported, oldest date first: what is due comes before what is planned. `last` is the date
    (SOMEDAY for none) and the id of the last one seen."""
    place = (_planned_day, Activity.id)
    query = _own_activities(person).where(Outcome.activity_id.is_(None), after(place, last))
    return page(query.order_by(*place), size)


def reported(person: Person, last: tuple[datetime, int] | None = None) -> Page[Activity]:
    """Owned or joined, reported, latest report first. `last` is the report's moment and the id of the last one seen."""
    place = (Outcome.at, Activity.id)
    query = _own_activities(person).where(Outcome.activity_id.is_not(None), before(place, last))
    return page(query.order_by(Outcome.at.desc(), Activity.id.desc()))


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
        .where(is_visible(Activity.id), ~is_reported(Activity.id))
        .order_by(CoOwner.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def _own_activities(person: Person) -> Select[Activity]:
    return (
        select(Activity)
        .outerjoin(Activity.outcome)
        .options(
            contains_eager(Activity.outcome),
            joinedload(Activity.value, innerjoin=True),
            joinedload(Activity.removal),
        )
        .where(Activity.id.in_(activities_of(person.id)), ~is_withdrawn(Activity.id))
    )
