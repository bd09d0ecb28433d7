"""What a coordinator's answer has taken is taken once, whatever happens to the thing before and after."""

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.tip import Tip, TipKind
from app.services.activities.adoption import adopt
from app.services.activities.plan import change_plan, withdraw_activity
from app.services.activities.tips import withdraw_tip
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, restore
from app.services.points.questions import NotReversibleError, answer
from app.services.upkeep.audit import verify
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_undertaking
from tests.factories import NOW, add_rules, make_activity, make_outcome, make_plan, make_tip
from tests.point_makers import make_question

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture(autouse=True)
def policy(cast: Cast) -> None:
    add_rules(heeded={"points": 5, "daily": 5}, borrowed={"points": 10, "daily": 3})


def correct(cast: Cast, person: Person, reason: str) -> None:
    """The coordinator takes away what the person's last entry for that reason gave."""
    answer(make_question(person, reason), cast.cora, "Det var inte du.", True, NOW)
    db.session.commit()


def points_of(person: Person, *reasons: str) -> int:
    mine = select(func.coalesce(func.sum(PointEntry.points), 0)).where(PointEntry.person_id == person.id)
    return db.session.scalar(mine.where(PointEntry.reason.in_(reasons)) if reasons else mine) or 0


def lesson_of(activity: Activity, kind: TipKind) -> Tip:
    lesson = select(Tip).where(Tip.activity_id == activity.id, Tip.kind_of_tip == kind.value)
    return db.session.scalars(lesson).one()


def again(activity: Activity) -> Activity:
    loaded = whole_activity(activity.id)
    assert loaded
    return loaded


def test_a_lesson_that_was_set_right_is_not_taken_back_again_when_it_is_hidden(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    correct(cast, cast.alice, "pitfall")
    assert points_of(cast.alice) == 50
    lesson = lesson_of(activity, TipKind.PITFALL)
    hide(lesson, cast.cora, "tone", "", NOW)
    assert points_of(cast.alice) == 50
    restore(lesson, cast.cora, NOW)
    assert (points_of(cast.alice), verify()) == (50, [])


def test_the_points_of_a_hidden_lesson_rest_and_are_not_set_right(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    hide(lesson_of(activity, TipKind.PITFALL), cast.cora, "tone", "", NOW)
    with pytest.raises(NotReversibleError):
        correct(cast, cast.alice, "pitfall")


def _heeds(cast: Cast, plan: Activity, *tips: Tip) -> None:
    change_plan(again(plan), make_plan(heeded=frozenset(tip.id for tip in tips)), by=cast.charlie, now=NOW)


def test_a_tip_that_was_set_right_goes_and_comes_without_a_debt(cast: Cast) -> None:
    tip = make_tip(cast.alice)
    plan = make_activity(cast.charlie, heeded=frozenset([tip.id]))
    correct(cast, cast.alice, "heeded")
    assert points_of(cast.alice) == 0
    hide(again(plan), cast.kim, "tone", "", NOW)
    assert points_of(cast.alice) == 0
    restore(again(plan), cast.kim, NOW)
    assert (points_of(cast.alice), verify()) == (0, [])
    hide(tip, cast.cora, "tone", "", NOW)
    restore(tip, cast.cora, NOW)
    assert (points_of(cast.alice), verify()) == (0, [])
    _heeds(cast, plan)
    assert (points_of(cast.alice), verify()) == (0, [])


def test_what_one_plan_gave_is_not_taken_from_what_another_gave(cast: Cast) -> None:
    tip = make_tip(cast.alice)
    first = make_activity(cast.charlie, heeded=frozenset([tip.id]))
    question = make_question(cast.alice, "heeded")
    make_activity(cast.bob, heeded=frozenset([tip.id]))
    withdraw_activity(again(first), by=cast.charlie, now=NOW)
    assert points_of(cast.alice) == 5
    with pytest.raises(NotReversibleError):
        answer(question, cast.cora, "Nej.", True, NOW)


def test_a_tip_that_its_author_takes_back_leaves_no_debt(cast: Cast) -> None:
    tip = make_tip(cast.alice)
    make_activity(cast.charlie, heeded=frozenset([tip.id]))
    correct(cast, cast.alice, "heeded")
    withdraw_tip(tip, by=cast.alice, now=NOW)
    assert (points_of(cast.alice), verify()) == (0, [])


def test_an_idea_that_was_set_right_goes_and_comes_without_a_debt(cast: Cast) -> None:
    idea = make_activity(cast.alice)
    make_outcome(idea)
    plan = make_activity(cast.charlie)
    adopt(plan, again(idea), now=NOW)
    before = points_of(cast.alice)
    correct(cast, cast.alice, "borrowed")
    hide(again(plan), cast.kim, "tone", "", NOW)
    assert points_of(cast.alice) == before - 10
    hide(again(idea), cast.cora, "tone", "", NOW)
    assert points_of(cast.alice) == 0
    restore(again(plan), cast.kim, NOW)
    restore(again(idea), cast.cora, NOW)
    assert (points_of(cast.alice), verify()) == (before - 10, [])
    withdraw_activity(again(plan), by=cast.charlie, now=NOW)
    assert (points_of(cast.alice), verify()) == (before - 10, [])


def test_a_challenge_that_was_set_right_goes_and_comes_without_a_debt(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    complete(activity)
    before = points_of(cast.alice)
    correct(cast, cast.alice, "challenge")
    for ticked in ((0,), (0, 1), ()):
        complete(again(activity), ticked=ticked)
        assert (points_of(cast.alice), verify()) == (before - 40, [])
    hide(again(activity), cast.cora, "tone", "", NOW)
    assert points_of(cast.alice) == 0
    restore(again(activity), cast.cora, NOW)
    complete(again(activity))
    assert (points_of(cast.alice), verify()) == (before - 40, [])


def test_what_has_come_again_may_be_set_right_once(cast: Cast) -> None:
    activity = make_undertaking(cast.alice, make_challenge())
    complete(activity)
    complete(again(activity), ticked=(0,))
    with pytest.raises(NotReversibleError):  # what went has gone by itself, and its going is not set right
        correct(cast, cast.alice, "challenge")
    db.session.rollback()
    complete(again(activity))
    before = points_of(cast.alice)
    correct(cast, cast.alice, "challenge")
    assert (points_of(cast.alice), verify()) == (before - 40, [])


@pytest.mark.parametrize("reason", ["plan", "report", "success"])
def test_hiding_what_was_set_right_gives_back_what_it_took(cast: Cast, reason: str) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    correct(cast, cast.alice, reason)
    before = points_of(cast.alice)
    hide(again(activity), cast.cora, "tone", "", NOW)
    assert points_of(cast.alice) == 0
    restore(again(activity), cast.cora, NOW)
    assert (points_of(cast.alice), verify()) == (before, [])


def test_a_plan_that_was_set_right_is_withdrawn_for_nothing(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    correct(cast, cast.alice, "plan")
    withdraw_activity(again(activity), by=cast.alice, now=NOW)
    assert (points_of(cast.alice), verify()) == (0, [])
