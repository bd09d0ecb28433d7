"""A person's own plans that have a day, and what they come along to, for their calendar."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.coming import Coming
from app.models.contribution import is_visible
from app.models.person import Person

#: How long what has been stays there.
_RECENT: Final = timedelta(days=90)
#: More than anybody can do: 30 may be planned in ten minutes, but hardly carried out in two months.
MOST_PLANS: Final = 200

_SINCE: Final = bindparam("since", type_=Date)
_OWN: Final = (
    select(Activity.id)
    .where(Activity.owner_id == bindparam("person_id"), Activity.planned_for >= _SINCE)
    .where(is_visible(Activity.id))
    .order_by(Activity.planned_for.desc())
    .limit(MOST_PLANS)
)
#: An invitation has no day of its own, so of those the last that were made are looked at.
_AS_PARTNER: Final = (
    select(CoOwner.activity_id)
    .where(CoOwner.person_id == bindparam("person_id"), CoOwner.is_partner)
    .order_by(CoOwner.id.desc())
    .limit(MOST_PLANS)
)
#: Nor has what somebody comes along to. Who stands in the queue does not know whether they will be there.
_ALONG: Final = (
    select(Coming.activity_id)
    .where(Coming.person_id == bindparam("person_id"), Coming.is_let_in)
    .order_by(Coming.id.desc())
    .limit(MOST_PLANS)
)
_ALL: Final = select(_OWN.subquery().c.id).union_all(
    select(_AS_PARTNER.subquery().c.activity_id), select(_ALONG.subquery().c.activity_id)
)
_DATED: Final = (
    select(Activity)
    .outerjoin(Activity.outcome)
    .options(contains_eager(Activity.outcome))
    .where(
        Activity.id.in_(_ALL),
        Activity.planned_for >= _SINCE,
        is_visible(Activity.id),
    )
    .order_by(Activity.planned_for.desc(), Activity.id.desc())
    .limit(MOST_PLANS)
)


def dated_plans(person: Person, today: date) -> list[Activity]:
    """What the person owns, does as a partner or comes along to, from three months back on, with its outcome if it has
    been reported; latest day first, and at most `MOST_PLANS`. Neither what is hidden nor what was withdrawn."""
    return list(db.session.scalars(_DATED, {"person_id": person.id, "since": today - _RECENT}))
