"""Borrow an idea: a plan that begins from what somebody else has carried out, stays tied to it, and thanks them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption
from app.models.contribution import is_visible
from app.models.credit import CreditReason
from app.models.notification import Kind
from app.models.outcome import is_carried_out
from app.models.person import Person
from app.services.activities.shown import ShownActivity
from app.services.activities.visibility import activities_for_rows, whole_activity
from app.services.notifications.firsts import Merged, One, Said, notify_of_the_first
from app.services.points.credits import decide_credits
from app.services.sums.settle import settle
from app.services.sums.turns import wait_for_all_around

_ADOPTION = select(Adoption).where(Adoption.activity_id == bindparam("activity_id"))
_VISIBLE = (
    select(Activity.id, Activity.municipality_id, Person.id, Person.name, Person.left_at)
    .join(Person, Person.id == Activity.owner_id)
    .where(Activity.id.in_(bindparam("activity_ids", expanding=True)), is_visible(Activity.id))
)


class Maker(NamedTuple):
    """Whose an idea is, as far as it takes to name them."""

    id: int
    name: str
    left_at: datetime | None


class Source(NamedTuple):
    """An activity that another is borrowed from, as far as it takes to thank for it."""

    id: int
    municipality_id: int
    owner: Maker


@dataclass(frozen=True)
class Tie:
    """What an activity is borrowed from, as far as that is still to be seen: the one it was taken from, and the first
    of the chain where that is another one."""

    origin: Source | None
    root: Source | None
    #: The number of the first of the chain, whether it is still to be seen or not.
    root_id: int


def is_borrowable(activity: Activity | ShownActivity, by: Person) -> bool:
    """Somebody else's, visible and carried out. One's own can be done again, but that credits nobody."""
    return activity.is_carried_out and activity.is_visible and not activity.is_owned_by(by)


def borrowable(activity_id: int | None, by: Person) -> Activity | None:
    """The activity with all its relations, if the person may borrow it."""
    activity = whole_activity(activity_id) if activity_id else None
    return activity if activity and is_borrowable(activity, by) else None


def adopt(activity: Activity, origin: Activity, *, now: datetime) -> bool:
    """Tie a plan that there is to the activity that it is borrowed from; `borrow` says when not."""
    wait_for_all_around(activity, idea=origin)
    if not borrow(activity, origin, now=now):
        return False
    settle(activity, now)
    return True


def borrow(activity: Activity, origin: Activity, *, now: datetime) -> bool:
    """Tie a plan to the activity that it is borrowed from, and credit those who made that. False, and no tie, when it
    has one already, or when either was hidden or turned out otherwise in the meantime. The caller has made others wait
    for both, and settles what follows."""
    may_be_tied = select(is_carried_out(origin.id) & is_visible(origin.id) & is_visible(activity.id))
    if db.session.get(Adoption, activity.id) or not db.session.scalar(may_be_tied):
        return False
    earlier = db.session.get(Adoption, origin.id)
    db.session.add(
        Adoption(
            activity_id=activity.id,
            origin_id=origin.id,
            root_id=earlier.root_id if earlier else origin.id,
            branch_id=earlier.branch_id if earlier else activity.id,
            at=now,
        )
    )
    decide_credits(activity, origin, CreditReason.BORROWED, now)
    _tell(origin, activity, now)
    return True


def tie_to(origin_id: int, root_id: int) -> Tie:
    """The two, without what is hidden or withdrawn."""
    found = db.session.connection().execute(_VISIBLE, {"activity_ids": [origin_id, root_id]})
    visible = {row[0]: Source(row[0], row[1], Maker(row[2], row[3], row[4])) for row in found}
    return Tie(visible.get(origin_id), visible.get(root_id) if root_id != origin_id else None, root_id)


def tie_of_new(origin: Activity) -> Tie:
    """What a plan that is borrowed from it will be tied to."""
    adoption = db.session.scalar(_ADOPTION, {"activity_id": origin.id})
    return tie_to(origin.id, adoption.root_id if adoption else origin.id)


def _tell(origin: Activity, activity: Activity, now: datetime) -> None:
    """One notification for each idea and day: who borrowed it first, and how many more did."""

    def standing(_owner_id: int, since: datetime) -> list[One]:
        plans = select(Adoption.activity_id, Adoption.at)
        its_own = plans.where(Adoption.origin_id == origin.id, Adoption.at >= since)
        seen = its_own.where(is_visible(Adoption.activity_id)).order_by(Adoption.at, Adoption.activity_id)
        return [One(number, number, at) for number, at in db.session.execute(seen)]

    def name(one: One) -> Said:
        borrowed = activity if one.number == activity.id else activities_for_rows([one.number])[0]
        about = {
            "event": "borrowed",
            "contribution_id": origin.id,
            "title": origin.title,
            "name": borrowed.owner.name,
            "person_id": borrowed.owner_id,
            "place": borrowed.municipality.name,
            "activity_id": borrowed.id,
        }
        return Said(f"{origin.path}/spread", about)

    told = Merged(origin.owner_ids(), Kind.IDEA, f"borrowed:{origin.id}", standing, name)
    notify_of_the_first(told, One(activity.id, activity.id, now), now=now)
