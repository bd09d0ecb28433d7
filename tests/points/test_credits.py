"""What people earn when others take a tip of theirs into account or borrow an idea: who does, and how often."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.tip import Tip
from app.services.activities.adoption import adopt
from app.services.activities.begin import Ties, begin_activity
from app.services.activities.plan import answer_invitation, invite
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, restore
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.factories import (
    NOW,
    add_rules,
    make_activity,
    make_joint,
    make_outcome,
    make_person,
    make_plan,
    make_tip,
    stage,
)

#: NOW is a Tuesday.
MONDAY = NOW + timedelta(days=6)
HEEDED, BORROWED = 5, 10


@pytest.fixture(autouse=True)
def policy(cast: Cast) -> None:
    add_rules(heeded={"points": HEEDED, "daily": 2, "weekly": 3}, borrowed={"points": BORROWED, "daily": 3})


def heeding(person: Person, tip: Tip, now: datetime = NOW) -> Activity:
    return make_activity(person, heeded=frozenset({tip.id}), now=now)


def done(activity: Activity) -> Activity:
    make_outcome(activity)
    return _whole(activity)


def borrowed(idea: Activity, person: Person, now: datetime = NOW) -> Activity:
    activity = make_activity(person, now=now)
    adopt(activity, idea, now=now)
    return _whole(activity)


def joined(activity: Activity, person: Person) -> Activity:
    whole = _whole(activity)
    answer_invitation(invite(whole, person, by=whole.owner, now=NOW), accept=True, now=NOW)
    return _whole(activity)


def earned(person: Person) -> int:
    """By what others took."""
    mine = (PointEntry.person_id == person.id, PointEntry.reason.in_(["heeded", "borrowed"]))
    return db.session.scalar(select(func.sum(PointEntry.points)).where(*mine)) or 0


def test_an_author_who_joins_the_plan_later_keeps_nothing_for_their_tip(cast: Cast) -> None:
    tip = make_tip(cast.charlie)
    activity = heeding(cast.alice, tip)
    assert (earned(cast.charlie), tip.heeded_count) == (HEEDED, 1)
    joined(activity, cast.charlie)
    db.session.refresh(tip)
    assert (earned(cast.charlie), tip.heeded_count) == (0, 0)
    assert verify() == []
    hide(activity, cast.cora, "tone", "", NOW)
    restore(activity, cast.cora, NOW)
    assert earned(cast.charlie) == 0
    assert verify() == []


def test_who_joins_a_plan_that_borrows_their_idea_keeps_nothing_for_it_and_the_others_do(cast: Cast) -> None:
    idea = done(make_joint(cast.alice, cast.charlie))
    activity = borrowed(idea, cast.bob)
    assert (earned(cast.alice), earned(cast.charlie)) == (BORROWED, BORROWED)
    joined(activity, cast.alice)
    assert (earned(cast.alice), earned(cast.charlie)) == (0, BORROWED)
    assert verify() == []


def test_what_one_gives_another_earns_once_a_week_whatever_it_is(cast: Cast) -> None:
    idea = done(make_activity(cast.charlie))
    heeding(cast.alice, make_tip(cast.charlie))
    heeding(cast.alice, make_tip(cast.charlie), NOW + timedelta(days=1))
    borrowed(idea, cast.alice)
    assert earned(cast.charlie) == HEEDED
    heeding(cast.bob, make_tip(cast.charlie))
    assert earned(cast.charlie) == 2 * HEEDED
    borrowed(idea, cast.alice, MONDAY)
    assert earned(cast.charlie) == 2 * HEEDED + BORROWED
    assert verify() == []


def test_a_plan_that_borrows_an_idea_and_takes_its_lesson_gives_for_the_idea(cast: Cast) -> None:
    alice, idea = cast.alice, done(make_activity(cast.charlie))
    lessons = frozenset(lesson.id for lesson in idea.lessons)
    begin_activity(
        alice,
        make_plan(heeded=lessons),
        ties=Ties(idea),
        stage=stage(),
        request_key="both",
        now=NOW,
    )
    assert earned(cast.charlie) == BORROWED
    assert verify() == []


def test_of_an_idea_each_is_decided_alone(cast: Cast) -> None:
    idea = done(make_joint(cast.alice, cast.charlie))
    heeding(cast.bob, make_tip(cast.alice))
    borrowed(idea, cast.bob)
    assert (earned(cast.alice), earned(cast.charlie)) == (HEEDED, BORROWED)


def test_the_weekly_cap_holds_beside_the_daily_one(cast: Cast) -> None:
    for day in range(3):
        for _ in range(2):
            heeding(make_person(), make_tip(cast.charlie), NOW + timedelta(days=day))
    assert earned(cast.charlie) == 3 * HEEDED
    heeding(make_person(), make_tip(cast.charlie), MONDAY)
    assert earned(cast.charlie) == 4 * HEEDED


def test_what_was_taken_back_since_is_no_room_for_more_from_the_same_giver(cast: Cast) -> None:
    first = heeding(cast.alice, make_tip(cast.charlie))
    hide(first, cast.cora, "tone", "", NOW)
    heeding(cast.alice, make_tip(cast.charlie))
    assert earned(cast.charlie) == 0


def test_points_for_an_idea_count_where_its_partner_was_when_it_was_reported(cast: Cast) -> None:
    idea = done(make_joint(cast.alice, cast.charlie))
    there = cast.charlie.municipality_id
    cast.charlie.municipality_id = cast.lena.municipality_id
    borrowed(idea, cast.bob)
    places = select(PointEntry.municipality_id).where(PointEntry.person_id == cast.charlie.id)
    assert set(db.session.scalars(places.where(PointEntry.reason == "borrowed"))) == {there}


def _whole(activity: Activity) -> Activity:
    loaded = whole_activity(activity.id)
    assert loaded
    return loaded
