"""Who sees which activity. For others, what is hidden or withdrawn does not exist: routes answer 404 to None."""

from collections.abc import Collection
from typing import Protocol, TypeVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.contribution import Removal, Withdrawal, is_moderated_by
from app.models.ledger import PointEntry
from app.models.person import Person
from app.services.activities.wholes import activities_with_sight, load_municipalities, whole_activities


class _Hideable(Protocol):
    """An activity, or a row of it, as far as it takes to say who sees it."""

    @property
    def id(self) -> int: ...
    @property
    def removal(self) -> Removal | None: ...
    @property
    def withdrawal(self) -> Withdrawal | None: ...
    def is_owned_by(self, person: Person) -> bool: ...


_Seen = TypeVar("_Seen", bound=_Hideable)
_FOR_ROWS = (
    select(Activity)
    .where(Activity.id.in_(bindparam("activity_ids", expanding=True)))
    .options(joinedload(Activity.owner, innerjoin=True).load_only(Person.name), joinedload(Activity.outcome))
)
POINTS_GIVEN = select(func.sum(PointEntry.points)).where(
    PointEntry.contribution_id == bindparam("activity_id")
)


def whole_activity(activity_id: int) -> Activity | None:
    """The activity with all its relations, without asking who sees it. Pages use `visible_activity`."""
    return next(iter(whole_activities([activity_id])), None)


def activities_for_rows(activity_ids: Collection[int]) -> list[Activity]:
    """Many, with what a row of a list shows: whose, where, when and which value."""
    activities = list(db.session.scalars(_FOR_ROWS, {"activity_ids": list(activity_ids)}))
    load_municipalities(activities)
    return activities


def visible_activity(activity_id: int, viewer: Person) -> Activity | None:
    """The activity with all its relations, or None when the viewer may not see it.

    Only its owners see a withdrawn one; its owners and moderators see a hidden one.
    """
    return if_seen(whole_activity(activity_id), viewer)


def visible_source(activity_id: int, viewer: Person) -> Activity | None:
    """The same with no more than a line about it says: its title, where, and its owner's name."""
    return if_seen(next(iter(activities_with_sight([activity_id])), None), viewer)


def if_seen(activity: _Seen | None, viewer: Person) -> _Seen | None:
    """It, or None when the viewer may not see it."""
    if activity is None or activity.is_owned_by(viewer):
        return activity
    if activity.withdrawal or (activity.removal and not _is_moderated_by(viewer, activity)):
        return None
    return activity


def model_of_plan(activity_id: int | None, viewer: Person) -> Activity | None:
    """What the viewer may begin a plan like: anything that they see but what is hidden, which a copy would show to
    everybody again."""
    activity = visible_activity(activity_id, viewer) if activity_id else None
    return None if activity is None or activity.removal else activity


def invitation_to(person: Person, co_owner_id: int) -> CoOwner | None:
    """The person's own invitation, with its activity and all relations, as long as the activity is visible."""
    query = select(CoOwner).where(CoOwner.id == co_owner_id, CoOwner.person_id == person.id)
    co_owner = db.session.scalar(query)
    activity = whole_activity(co_owner.activity_id) if co_owner else None
    if co_owner is None or activity is None or not activity.is_visible:
        return None
    # The session refers to loaded objects only weakly: without this, the activity would be gone when the caller asks.
    set_committed_value(co_owner, "activity", activity)
    return co_owner


def points_given(activity_id: int) -> int:
    """All points for the activity, less those taken back, of all who took part."""
    return db.session.scalar(POINTS_GIVEN, {"activity_id": activity_id}) or 0


def _is_moderated_by(viewer: Person, activity: _Hideable) -> bool:
    return bool(db.session.scalar(select(is_moderated_by(viewer, activity.id))))
