"""Whose turn it is. Two who change what belongs together wait for each other, always in the same order, so that they
never wait in a circle:

1. the challenge that is taken on,
2. activities, the latest first: the one that changes, plans alike whose owners are asked, and what it is borrowed from,
3. tips in the order of their numbers: those that the plan takes into account, and the lessons of its report,
4. the ledger, under whose one lock everybody decides about points and writes what is summed up.

Whoever changes anything that figures or points follow from waits for all of it first, in one call. What is written
after that (sums, the ledger and its totals, the feed, notices) waits for nobody who waits for this.
"""

from collections.abc import Collection

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption
from app.models.contribution import wait_for_turn
from app.models.tip import HeededTip, Tip
from app.services.points.ledger import wait_for_ledger


def wait_for_all_around(
    activity: Activity,
    *,
    idea: Activity | None = None,
    beside: Collection[int] = (),
    tip_ids: Collection[int] = (),
) -> None:
    """Wait for the activity and for all that changes with it, and make others wait until this transaction ends. What is
    read after this is up to date.

    What is still to be tied to it is named: the idea that it borrows, other plans `beside` it, and tips that it will
    take into account.
    """
    idea_id = idea.id if idea else _idea_of(activity.id)
    it_and_its_idea = {activity.id, *([idea_id] if idea_id else [])}
    wait_for_activities({*it_and_its_idea, *_activities_among(beside)})
    _wait_for_tips(_tips_of(activity.id, tip_ids))
    wait_for_ledger()


def wait_for_all_around_new(
    *, idea: Activity | None = None, beside: Collection[int] = (), tip_ids: Collection[int] = ()
) -> None:
    """The same for an activity that this transaction has made: nobody else can change it yet, and only what is named
    will be tied to it."""
    wait_for_activities({*([idea.id] if idea else []), *_activities_among(beside)})
    _wait_for_tips(_tips_among(tip_ids))
    wait_for_ledger()


def wait_for_activities(activity_ids: Collection[int]) -> None:
    """Of activities alone, whose sums do not change."""
    for activity_id in sorted(set(activity_ids), reverse=True):
        wait_for_turn(activity_id)


def wait_for_tip(tip: Tip) -> None:
    """The same for a tip, whose source comes before it."""
    if tip.activity_id:
        wait_for_turn(tip.activity_id)
    _wait_for_tips([tip.id])
    wait_for_ledger()


def _idea_of(activity_id: int) -> int | None:
    """It never changes, so it may be read before the turn has come."""
    return db.session.scalar(select(Adoption.origin_id).where(Adoption.activity_id == activity_id))


def _activities_among(numbers: Collection[int]) -> list[int]:
    """A form may send any number, and what is no activity has its turn elsewhere."""
    return list(db.session.scalars(select(Activity.id).where(Activity.id.in_(numbers)))) if numbers else []


def _tips_of(activity_id: int, more: Collection[int]) -> list[int]:
    """Those that it takes into account, its own lessons, and what is a tip among the others."""
    heeded = select(HeededTip.tip_id).where(HeededTip.activity_id == activity_id)
    lessons = select(Tip.id).where(Tip.activity_id == activity_id)
    tips = heeded.union(lessons, select(Tip.id).where(Tip.id.in_(more)))
    return list(db.session.scalars(tips))


def _tips_among(numbers: Collection[int]) -> list[int]:
    return list(db.session.scalars(select(Tip.id).where(Tip.id.in_(numbers)))) if numbers else []


def _wait_for_tips(tip_ids: Collection[int]) -> None:
    for tip_id in sorted(tip_ids):
        wait_for_turn(tip_id)
