"""What colleagues see of one another: what somebody does, and their points if they want to show them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity, activities_of
from app.models.contribution import is_visible
from app.models.ledger import PersonTotal
from app.models.paging import Page, before, page
from app.models.person import Person
from app.models.programme import Programme


def shown_activities(person: Person, last: tuple[datetime, int] | None = None) -> Page[Activity]:
    """What the person owns or does with others, latest plan first, without what is withdrawn or hidden.

    `last` is the moment and id of the last one seen.
    """
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


def points_to_show(person: Person) -> int | None:
    """The sum of the person's points, or None when they or the programme do not want people to be compared."""
    programme = Programme.current()
    if not (person.ranked and programme and programme.shows_people):
        return None
    return (
        db.session.scalar(select(func.sum(PersonTotal.points)).where(PersonTotal.person_id == person.id)) or 0
    )
