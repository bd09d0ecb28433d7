"""A person's own activities: what is to be reported, what is coming, what is done, what others ask them to join."""

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased, contains_eager

from app.extensions import UTCDateTime, db
from app.models.activity import Activity, CoOwner, activities_of
from app.models.contribution import Removal, is_visible, is_withdrawn
from app.models.outcome import Outcome, is_open_invitation
from app.models.paging import PAGE_SIZE, Page, page_of_prepared
from app.models.person import Person

#: Where a plan without a date stands: after all that have one.
SOMEDAY = date(9999, 12, 31)

_planned_day = func.coalesce(Activity.planned_for, SOMEDAY)


#: Places before and after all others, where the first page of a list begins.
BEFORE_ALL = (date.min, 0)
_AFTER_ALL = (datetime.max.replace(tzinfo=UTC), 0)


class OwnActivity(NamedTuple):
    """One that the person makes, alone or with others, with what its row shows."""

    id: int
    title: str
    value_id: int
    planned_for: date | None
    starts_at: time | None
    #: These three are None while it is not reported.
    reported_at: datetime | None
    carried_out: bool | None
    rating: int | None
    #: Of one that moderation has taken out of sight, whether it only waits for a look; None of all others.
    waits: bool | None

    @property
    def is_hidden(self) -> bool:
        """Taken out of sight, and not only until somebody has looked at it."""
        return self.waits is False


#: Under a name of its own, since the condition that something is visible asks for removals too.
_removal = aliased(Removal)
#: In the order of `OwnActivity`.
_OWN = (
    select(
        Activity.id,
        Activity.title,
        Activity.value_id,
        Activity.planned_for,
        Activity.starts_at,
        Outcome.at,
        Outcome.carried_out,
        Outcome.rating,
        _removal.waits,
    )
    .outerjoin(Outcome, Outcome.activity_id == Activity.id)
    .outerjoin(_removal, _removal.contribution_id == Activity.id)
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


def open_plans(person: Person, stage_id: int, limit: int) -> list[OwnActivity]:
    """What the person has still to do or to report in that stage, except what is hidden; oldest date first."""
    return _rows(_OPEN, person, stage_id, limit)


def own_in_stage(person: Person, stage_id: int, limit: int) -> list[OwnActivity]:
    """What the person has planned or done in that stage, alone or with others, by its day; also what is hidden, which
    they see themselves."""
    return _rows(_IN_STAGE, person, stage_id, limit)


def _rows(query: Any, person: Person, stage_id: int, limit: int) -> list[OwnActivity]:
    parameters = {"person_id": person.id, "stage_id": stage_id, "size": limit}
    return [OwnActivity._make(row) for row in db.session.connection().execute(query, parameters)]


def unreported(
    person: Person, last: tuple[date, int] | None = None, size: int = PAGE_SIZE
) -> Page[OwnActivity]:
    """Owned or joined, not reported, oldest date first: what is due comes before what is planned. `last` is the date
    (SOMEDAY for none) and the id of the last one seen."""
    day, activity_id = last or BEFORE_ALL
    return _page(_UNREPORTED, {"person_id": person.id, "day": day, "activity_id": activity_id}, size)


def reported(person: Person, last: tuple[datetime, int] | None = None) -> Page[OwnActivity]:
    """Owned or joined, reported, latest report first. `last` is the report's moment and the id of the last one seen."""
    at, activity_id = last or _AFTER_ALL
    return _page(_REPORTED, {"person_id": person.id, "at": at, "activity_id": activity_id}, PAGE_SIZE)


def _page(query: Any, parameters: dict[str, Any], size: int) -> Page[OwnActivity]:
    rows = page_of_prepared(query, parameters, size)
    return Page([OwnActivity._make(row) for row in rows.items], rows.has_more)


def open_invitations(person: Person, limit: int = 20) -> list[CoOwner]:
    """Invitations that wait for the person's answer, latest first, each with its activity and the activity's owner."""
    return list(db.session.scalars(_INVITATIONS, {"person_id": person.id, "size": limit}))
