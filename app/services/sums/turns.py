"""Whose turn it is. Two who change what belongs together wait for each other, always in the same order, so that they
never wait in a circle:

1. the challenge that is taken on,
2. activities, the latest first: the one that changes, plans alike whose owners are asked, and what it is borrowed from,
3. tips in the order of their numbers: those that the plan takes into account, and the lessons of its report,
4. people in that order: who made any of these, since that is who earns and loses points,
5. municipalities in that order, each for all its totals, since a total may have no row yet.

Whoever changes anything that figures or points follow from waits for all of it first, in one call. What is written
after that (squares, the ledger and its totals, the feed, notices) waits for nobody who waits for this.
"""

from collections.abc import Collection

from sqlalchemy import Select, select, union

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.adoption import Adoption
from app.models.contribution import wait_for_turn
from app.models.ledger import PersonTotal
from app.models.person import Person
from app.models.programme import Municipality
from app.models.tip import HeededTip, Tip


def wait_for_all_around(
    activity: Activity,
    *,
    idea: Activity | None = None,
    beside: Collection[int] = (),
    tip_ids: Collection[int] = (),
    joining: Collection[int] = (),
) -> None:
    """Wait for the activity and for all that changes with it, and make others wait until this transaction ends. What is
    read after this is up to date.

    What is still to be tied to it is named: the idea that it borrows, other plans `beside` it, tips that it will take
    into account, and the people who are `joining` those who do it.
    """
    idea_id = idea.id if idea else _idea_of(activity.id)
    it_and_its_idea = {activity.id, *([idea_id] if idea_id else [])}
    for number in sorted({*it_and_its_idea, *_activities_among(beside)}, reverse=True):
        wait_for_turn(number)
    tips = _tips_of(activity.id, tip_ids)
    _wait_for_tips(tips)
    _wait_for_people(it_and_its_idea, tips, joining)


def wait_for_tip(tip: Tip) -> None:
    """The same for a tip, whose source and its makers come before it."""
    if tip.activity_id:
        wait_for_turn(tip.activity_id)
    _wait_for_tips([tip.id])
    _wait_for_people([tip.activity_id] if tip.activity_id else [], [tip.id])


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


def _wait_for_tips(tip_ids: Collection[int]) -> None:
    for tip_id in sorted(tip_ids):
        wait_for_turn(tip_id)


def _wait_for_people(
    activity_ids: Collection[int], tip_ids: Collection[int], joining: Collection[int] = ()
) -> None:
    """Those who made these things, and the municipalities where they have points or will have."""
    makers = union(
        select(Activity.owner_id).where(Activity.id.in_(activity_ids)),
        select(CoOwner.person_id).where(CoOwner.activity_id.in_(activity_ids), CoOwner.is_partner),
        select(Tip.owner_id).where(Tip.id.in_(tip_ids)),
    )
    people = {*db.session.scalars(makers), *joining}
    _lock(select(Person.id).where(Person.id.in_(people)).order_by(Person.id))
    places = union(
        select(Person.municipality_id).where(Person.id.in_(people)),
        select(PersonTotal.municipality_id).where(PersonTotal.person_id.in_(people)),
        select(Activity.municipality_id).where(Activity.id.in_(activity_ids)),
        select(Tip.municipality_id).where(Tip.id.in_(tip_ids)),
    )
    here = Municipality.id.in_(list(db.session.scalars(places)))
    _lock(select(Municipality.id).where(here).order_by(Municipality.id))


def _lock(rows: Select[int]) -> None:
    """On SQLite only one writes at a time anyway."""
    db.session.execute(rows.with_for_update(key_share=True)).all()
