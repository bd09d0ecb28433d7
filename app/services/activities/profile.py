"""What colleagues see on one another's pages of what somebody does."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity, activities_of
from app.models.contribution import is_visible
from app.models.outcome import Outcome
from app.models.paging import Page, before, page
from app.models.person import Person

#: How many a page sews into its head.
MOST_SEWN: Final = 6


def shown_activities(person: Person, last: tuple[datetime, int] | None = None) -> Page[Activity]:
    """What the person owns or does with others, latest plan first, without what is withdrawn or hidden; nothing of
    somebody who does not show it.

    `last` is the moment and id of the last one seen.
    """
    if not person.shows_done:
        return Page([], False)
    place = (Activity.created_at, Activity.id)
    query = (
        select(Activity)
        .where(Activity.id.in_(activities_of(person.id)), is_visible(Activity.id), before(place, last))
        .options(
            joinedload(Activity.outcome),
        )
        .order_by(Activity.created_at.desc(), Activity.id.desc())
    )
    return page(query)


def sewn_activities(person: Person) -> list[Any]:
    """Number, title and value of the latest that the person has carried out, newest report first, as `shown_activities`
    does."""
    if not person.shows_done:
        return []
    done = and_(Outcome.activity_id == Activity.id, Outcome.carried_out)
    query = (
        select(Activity.id, Activity.title, Activity.value_id)
        .join(Outcome, done)
        .where(Activity.id.in_(activities_of(person.id)), is_visible(Activity.id))
        .order_by(Outcome.at.desc(), Activity.id.desc())
    )
    return list(db.session.execute(query.limit(MOST_SEWN)).all())
