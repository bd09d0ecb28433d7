"""Whose badges may change with what happens to an activity or a tip."""

from typing import Final

from sqlalchemy import Integer, bindparam, select, union

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.adoption import Adoption
from app.models.outcome import is_reported
from app.models.tip import HeededTip, Tip

_ACTIVITY_ID: Final = bindparam("activity_id", type_=Integer)
_REPORTED: Final = is_reported(_ACTIVITY_ID)
_ORIGIN: Final = select(Adoption.origin_id).where(Adoption.activity_id == _ACTIVITY_ID).scalar_subquery()
_AROUND: Final = union(
    select(Activity.owner_id).where(Activity.id == _ACTIVITY_ID, _REPORTED),
    select(CoOwner.person_id).where(CoOwner.activity_id == _ACTIVITY_ID, CoOwner.is_partner, _REPORTED),
    select(Tip.owner_id)
    .join(HeededTip, HeededTip.tip_id == Tip.id)
    .where(HeededTip.activity_id == _ACTIVITY_ID, _REPORTED),
    select(Activity.owner_id).where(Activity.id == _ORIGIN),
    select(CoOwner.person_id).where(CoOwner.activity_id == _ORIGIN, CoOwner.is_partner),
)


def people_around(activity_id: int) -> set[int]:
    """Who made it and whose tips it takes into account, once it is reported: a plan alone earns nobody a badge. And who
    made what it is borrowed from. Who invited a partner has made it too. One statement."""
    return set(db.session.scalars(_AROUND, {"activity_id": activity_id}))


def people_around_tip(tip: Tip) -> set[int]:
    """Its author, and who made the activity that taught it."""
    return {tip.owner_id} | (people_around(tip.activity_id) if tip.activity_id else set())
