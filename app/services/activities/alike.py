"""Plans alike: others plan the same sort of thing in the same days, and the two could be one.

Asking to join forces is an invitation to the asker's own plan: the other accepts or declines it as any invitation, and
keeps their own plan until they withdraw it themselves, so nobody's plan changes by being asked. Between two plans there
is one ask, whichever of them asks and whatever the answer.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.adoption import Adoption
from app.models.contribution import is_visible
from app.models.outcome import is_reported
from app.models.person import Person
from app.services.activities.locking import ClosedError
from app.services.activities.plan import invite
from app.services.activities.shown import ShownActivity
from app.services.sums.turns import wait_for_activities

#: How far apart the days of plans alike are at most.
_NEAR: Final = timedelta(days=7)
#: So many of the first in those days are looked through, however many there are.
_LOOKED_THROUGH: Final = 60


class AskedAlreadyError(ValueError):
    """One of the two has asked the other before."""


def plans_alike(person: Person, focus_area_id: int, day: date, today: date, limit: int = 2) -> list[Activity]:
    """Open plans of others in that focus area within seven days of the day and not past, those of other municipalities
    first, then those nearest in time. Each with its owner and municipality."""
    query = (
        _open_plans(focus_area_id, day, today)
        .where(Activity.owner_id != person.id, Activity.id.not_in(_done_by(person)))
        .order_by(Activity.planned_for, Activity.id)
        .limit(_LOOKED_THROUGH)
    )
    plans = db.session.scalars(query)
    return sorted(plans, key=lambda plan: _rank(plan, person, day))[:limit]


def plans_alike_to(
    activity: Activity | ShownActivity, person: Person, today: date, limit: int = 2
) -> list[Activity]:
    """The same for a plan that there is, without those between which and it somebody has been asked."""
    if activity.planned_for is None or not activity.is_open:
        return []
    plans = plans_alike(person, activity.focus_area_id, activity.planned_for, today, _LOOKED_THROUGH)
    asked = _asked_between(activity, plans)
    return [plan for plan in plans if plan.id not in asked][:limit]


def plans_of_the_idea(
    person: Person, focus_area_id: int, root_id: int, today: date, limit: int = 2
) -> list[Activity]:
    """Open plans of others in that focus area that are borrowed from the same idea and not past, the nearest first,
    for somebody who borrows it and has chosen no day yet. Each with its owner and municipality."""
    borrowed = exists().where(Adoption.activity_id == Activity.id, Adoption.root_id == root_id)
    query = (
        _open_plans(focus_area_id, None, today)
        .where(borrowed, Activity.owner_id != person.id, Activity.id.not_in(_done_by(person)))
        .order_by(Activity.planned_for, Activity.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def plan_alike(activity: Activity, other_id: int | None, today: date) -> Activity | None:
    """That other plan, if it is alike to the activity: open, of somebody else, in the same focus area and days; one
    without a day is alike on any."""
    if other_id is None:
        return None
    query = _open_plans(activity.focus_area_id, activity.planned_for, today).where(Activity.id == other_id)
    other = db.session.scalar(query)
    return other if other and other.owner_id not in activity.owner_ids() else None


def ask_to_join_forces(activity: Activity, other: Activity, *, by: Person, now: datetime) -> CoOwner:
    """Invite the owner of the other plan to this one, once.

    Raises:
        AskedAlreadyError: somebody has been asked between these two plans before.
        ClosedError, TooManyAskedError: as `invite` does.
    """
    wait_for_activities([activity.id, other.id])
    if _asked_between(activity, [other]):
        raise AskedAlreadyError
    if db.session.scalar(select(is_reported(other.id) | ~is_visible(other.id))):
        raise ClosedError("the other plan")
    return invite(activity, other.owner, by=by, now=now)


def _open_plans(focus_area_id: int, day: date | None, today: date) -> Select[Activity]:
    """Around that day; without one, on any from today."""
    first, last = today, date.max
    if day:
        day = min(max(day, date.min + _NEAR), date.max - _NEAR)  # somebody may write any date
        first, last = max(day - _NEAR, today), day + _NEAR
    return (
        select(Activity)
        .where(Activity.focus_area_id == focus_area_id)
        .where(Activity.planned_for >= first, Activity.planned_for <= last)
        .where(is_visible(Activity.id), ~is_reported(Activity.id), _owner_is_here())
        .options(joinedload(Activity.owner, innerjoin=True))
    )


def _owner_is_here() -> ColumnElement[bool]:
    return exists().where(Person.id == Activity.owner_id, Person.is_present)


def _done_by(person: Person) -> Select[int]:
    return select(CoOwner.activity_id).where(CoOwner.person_id == person.id, CoOwner.is_partner)


def _rank(plan: Activity, person: Person, day: date) -> tuple[bool, int]:
    """False before true; equal ones stay in their order."""
    days = abs((plan.planned_for - day).days) if plan.planned_for else _NEAR.days
    return plan.municipality_id == person.municipality_id, days


def _asked_between(activity: Activity | ShownActivity, others: Collection[Activity]) -> set[int]:
    """Numbers of those others whose owner was asked to the activity, or whose plan its owners were asked to."""
    owners = {other.owner_id for other in others}
    makers = activity.owner_ids()
    to_mine = (CoOwner.activity_id == activity.id) & CoOwner.person_id.in_(owners)
    to_theirs = CoOwner.activity_id.in_([other.id for other in others]) & CoOwner.person_id.in_(makers)
    asked = db.session.execute(
        select(CoOwner.activity_id, CoOwner.person_id).where(or_(to_mine, to_theirs))
    ).all()
    plans = {activity_id for activity_id, _person in asked}
    people = {person_id for activity_id, person_id in asked if activity_id == activity.id}
    return {other.id for other in others if other.id in plans or other.owner_id in people}
