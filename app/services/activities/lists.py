"""A person's own activities: what is to be reported, what is coming, what is done, what others ask them to join."""

from datetime import UTC, date, datetime

from sqlalchemy import Date, bindparam, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import UTCDateTime, db
from app.models.activity import Activity, CoOwner, activities_of
from app.models.contribution import is_visible, is_withdrawn
from app.models.outcome import Outcome, is_open_invitation
from app.models.paging import PAGE_SIZE, Page, prepared_page
from app.models.person import Person

#: Where a plan without a date stands: after all that have one.
SOMEDAY = date(9999, 12, 31)

_planned_day = func.coalesce(Activity.planned_for, SOMEDAY)


#: Places before and after all others, where the first page of a list begins.
BEFORE_ALL = (date.min, 0)
_AFTER_ALL = (datetime.max.replace(tzinfo=UTC), 0)

_OWN = (
    select(Activity)
    .outerjoin(Activity.outcome)
    .options(contains_eager(Activity.outcome), joinedload(Activity.removal))
    .where(Activity.id.in_(activities_of(bindparam("person_id"))), ~is_withdrawn(Activity.id))
)
_OPEN = (
    _OWN.where(
        Outcome.activity_id.is_(None), Activity.stage_id == bindparam("stage_id"), is_visible(Activity.id)
    )
    .order_by(_planned_day, Activity.id)
    .limit(bindparam("size"))
)
_IN_STAGE = (
    _OWN.where(Activity.stage_id == bindparam("stage_id"))
    .order_by(_planned_day, Activity.id)
    .limit(bindparam("size"))
)
_UNREPORTED = (
    _OWN.where(Outcome.activity_id.is_(None))
    .where(tuple_(_planned_day, Activity.id) > tuple_(bindparam("day", type_=Date), bindparam("activity_id")))
    .order_by(_planned_day, Activity.id)
    .limit(bindparam("size"))
)
_REPORTED = (
    _OWN.where(Outcome.activity_id.is_not(None))
    .where(
        tuple_(Outcome.at, Activity.id) < tuple_(bindparam("at", type_=UTCDateTime), bindparam("activity_id"))
    )
    .order_by(Outcome.at.desc(), Activity.id.desc())
    .limit(bindparam("size"))
)
_INVITATIONS = (
    select(CoOwner)
    .join(CoOwner.activity)
    .options(contains_eager(CoOwner.activity).joinedload(Activity.owner, innerjoin=True))
    .where(CoOwner.person_id == bindparam("person_id"), is_open_invitation())
    .order_by(CoOwner.id.desc())
    .limit(bindparam("size"))
)


def open_plans(person: Person, stage_id: int, limit: int) -> list[Activity]:
    """What the person has still to do or to report in that stage, except what is hidden; oldest date first."""
    parameters = {"person_id": person.id, "stage_id": stage_id, "size": limit}
    return list(db.session.scalars(_OPEN, parameters))


def own_in_stage(person: Person, stage_id: int, limit: int) -> list[Activity]:
    """What the person has planned or done in that stage, alone or with others, by its day; also what is hidden, which
    they see themselves."""
    parameters = {"person_id": person.id, "stage_id": stage_id, "size": limit}
    return list(db.session.scalars(_IN_STAGE, parameters))


def unreported(person: Person, last: tuple[date, int] | None = None, size: int = PAGE_SIZE) -> Page[Activity]:
    """Owned or joined, not reported, oldest date first: what is due comes before what is planned. `last` is the date
    (SOMEDAY for none) and the id of the last one seen."""
    day, activity_id = last or BEFORE_ALL
    parameters = {"person_id": person.id, "day": day, "activity_id": activity_id}
    return prepared_page(_UNREPORTED, parameters, size)


def reported(person: Person, last: tuple[datetime, int] | None = None) -> Page[Activity]:
    """Owned or joined, reported, latest report first. `last` is the report's moment and the id of the last one seen."""
    at, activity_id = last or _AFTER_ALL
    return prepared_page(_REPORTED, {"person_id": person.id, "at": at, "activity_id": activity_id})


def open_invitations(person: Person, limit: int = 20) -> list[CoOwner]:
    """Invitations that wait for the person's answer, latest first, each with its activity and the activity's owner."""
    return list(db.session.scalars(_INVITATIONS, {"person_id": person.id, "size": limit}))
