"""Whose badges may change with what happens to an activity or a tip."""

from sqlalchemy import select, union

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.adoption import Adoption
from app.models.outcome import is_reported
from app.models.tip import HeededTip, Tip


def people_around(activity_id: int) -> set[int]:
    """Who made it and whose tips it takes into account, once it is reported: a plan alone earns nobody a badge. And who
    made what it is borrowed from. Who invited a partner has made it too. One statement."""
    reported = is_reported(activity_id)
    owner = select(Activity.owner_id).where(Activity.id == activity_id, reported)
    partners = select(CoOwner.person_id).where(
        CoOwner.activity_id == activity_id, CoOwner.is_partner, reported
    )
    authors = select(Tip.owner_id).join(HeededTip, HeededTip.tip_id == Tip.id)
    authors = authors.where(HeededTip.activity_id == activity_id, reported)
    origin = select(Adoption.origin_id).where(Adoption.activity_id == activity_id).scalar_subquery()
    had_the_idea = select(Activity.owner_id).where(Activity.id == origin)
    and_with = select(CoOwner.person_id).where(CoOwner.activity_id == origin, CoOwner.is_partner)
    return set(db.session.scalars(union(owner, partners, authors, had_the_idea, and_with)))


def people_around_tip(tip: Tip) -> set[int]:
    """Its author, and who made the activity that taught it."""
    return {tip.owner_id} | (people_around(tip.activity_id) if tip.activity_id else set())
