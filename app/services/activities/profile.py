"""What colleagues see on one another's pages of what somebody does."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, select, tuple_

from app.extensions import UTCDateTime, db
from app.models.activity import Activity, activities_of
from app.models.contribution import is_visible
from app.models.outcome import Outcome
from app.models.paging import Page, page_of_prepared
from app.models.person import Person, PersonSeen

#: How many a page sews into its head.
MOST_SEWN: Final = 6

_IS_SHOWN: Final = and_(Activity.id.in_(activities_of(bindparam("person_id"))), is_visible(Activity.id))
_LATEST: Final = (
    select(
        Activity.id,
        Activity.title,
        Activity.value_id,
        Activity.created_at,
        Activity.planned_for,
        Activity.starts_at,
        Outcome.carried_out,
    )
    .outerjoin(Outcome, Outcome.activity_id == Activity.id)
    .where(_IS_SHOWN)
    .order_by(Activity.created_at.desc(), Activity.id.desc())
    .limit(bindparam("size"))
)
_OLDER: Final = _LATEST.where(
    tuple_(Activity.created_at, Activity.id)
    < tuple_(bindparam("last_at", type_=UTCDateTime), bindparam("last_id"))
)
_SEWN: Final = (
    select(Activity.id, Activity.title, Activity.value_id)
    .join(Outcome, and_(Outcome.activity_id == Activity.id, Outcome.carried_out))
    .where(_IS_SHOWN)
    .order_by(Outcome.at.desc(), Activity.id.desc())
    .limit(MOST_SEWN)
)


def shown_activities(person: PersonSeen, last: tuple[datetime, int] | None = None) -> Page[Any]:
    """Rows of what the person owns or does with others, latest plan first, without what is withdrawn or hidden; nothing
    of somebody who does not show it.

    `last` is the moment and id of the last one seen.
    """
    if not person.shows_done:
        return Page([], False)
    if last is None:
        return page_of_prepared(_LATEST, {"person_id": person.id})
    return page_of_prepared(_OLDER, {"person_id": person.id, "last_at": last[0], "last_id": last[1]})


def sewn_activities(person: Person | PersonSeen) -> list[Any]:
    """Number, title and value of the latest that the person has carried out, newest report first, as `shown_activities`
    does."""
    if not person.shows_done:
        return []
    return list(db.session.connection().execute(_SEWN, {"person_id": person.id}).all())
