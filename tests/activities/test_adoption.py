"""Borrowing ideas: the tie, the count of where it spread, and what it earns, whatever happens in whatever order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption, IdeaSpread
from app.models.credit import Credit
from app.models.ledger import PersonTotal, PointEntry
from app.models.notification import Notification
from app.models.person import Person
from app.services.activities.adoption import Tie, adopt, borrowable, tie_to
from app.services.activities.around import around
from app.services.activities.locking import ClosedError
from app.services.activities.plan import withdraw_activity
from app.services.activities.spread import Reach, reach_of, spread_page
from app.services.activities.visibility import whole_activity
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore
from app.services.notifications.kinds import words_of
from app.services.sums.settle import settle
from app.services.upkeep.audit import repair, verify
from tests.anew import starting_anew
from tests.cast import Cast
from tests.factories import NOW, add_rules, make_activity, make_joint, make_outcome, make_person, stage


@pytest.fixture
def borrowing_earns(cast: Cast) -> None:
    add_rules(borrowed={"points": 10, "daily": 3})


@pytest.fixture
def idea(cast: Cast) -> Activity:
    """Alice's, carried out."""
    return _done(make_activity(cast.alice))


def borrow(origin: Activity, person: Person, **over: object) -> Activity:
    activity = make_activity(person, **over)
    adopt(activity, origin, now=NOW)
    db.session.commit()
    return _whole(activity)


def points_of(person: Person) -> int:
    entries = select(func.sum(PointEntry.points)).where(
        PointEntry.person_id == person.id, PointEntry.reason == "borrowed"
    )
    return db.session.scalar(entries) or 0


def test_a_plan_is_tied_to_what_it_is_borrowed_from_and_to_the_first_of_the_chain(
    cast: Cast, idea: Activity
) -> None:
    second = _done(borrow(idea, cast.charlie))
    third = borrow(second, cast.bob)
    tie = _tie_of(third)
    assert tie.origin
    assert tie.origin.id == second.id
    assert tie.root
    assert tie.root.id == idea.id
    assert reach_of(idea.id) == Reach(adoptions=2, municipalities=2)
    assert [step.activity.id for step in spread_page(idea.id).items] == [second.id, third.id]


def test_branches_stand_together_and_go_on_where_the_page_ended(cast: Cast, idea: Activity) -> None:
    one = _done(borrow(idea, cast.charlie))
    two = borrow(idea, cast.bob)
    of_one = borrow(one, make_person("", "helsingborg"))
    first_page = spread_page(idea.id, size=2)
    last = first_page.last
    assert [step.activity.id for step in first_page.items] == [one.id, of_one.id]
    assert last
    assert last.is_later
    rest = spread_page(idea.id, (last.branch_id, last.activity.id))
    assert [step.activity.id for step in rest.items] == [two.id]


def test_the_tie_stays_when_it_is_made_twice_and_no_activity_borrows_from_itself(
    cast: Cast, idea: Activity
) -> None:
    activity = borrow(idea, cast.charlie)
    other = _done(make_activity(cast.bob))
    assert not adopt(activity, other, now=NOW)
    tie = _tie_of(activity)
    assert tie.origin
    assert tie.origin.id == idea.id
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(
            Adoption(activity_id=other.id, origin_id=other.id, root_id=idea.id, branch_id=other.id, at=NOW)
        )  # fmt: skip


def test_only_what_others_carried_out_can_be_borrowed(cast: Cast, idea: Activity) -> None:
    planned, failed = make_activity(cast.alice), make_activity(cast.alice)
    make_outcome(failed, carried_out=False)
    joint = _done(make_joint(cast.alice, cast.charlie))
    hidden = _done(make_activity(cast.alice))
    hide(hidden, cast.cora, "tone", "", NOW)
    assert borrowable(idea.id, cast.bob)
    assert not borrowable(idea.id, cast.alice)
    assert not borrowable(joint.id, cast.charlie)
    assert [borrowable(one.id, cast.bob) for one in (planned, failed, hidden)] == [None, None, None]
    assert not borrowable(None, cast.bob)
    assert not adopt(make_activity(cast.bob), hidden, now=NOW)


def test_without_a_policy_it_earns_nothing(cast: Cast, idea: Activity) -> None:
    borrow(idea, cast.charlie)
    assert points_of(cast.alice) == 0


@pytest.mark.usefixtures("borrowing_earns")
def test_everyone_who_did_it_is_credited_in_the_stage_that_runs(cast: Cast) -> None:
    before = NOW - timedelta(days=200)
    joint = make_joint(cast.alice, cast.charlie, stage=stage(1), now=before)
    make_outcome(joint, now=before)
    total = {row.stage_id: row.points for row in db.session.scalars(_totals(cast.alice))}
    borrow(joint, cast.bob)
    assert (points_of(cast.alice), points_of(cast.charlie), points_of(cast.bob)) == (10, 10, 0)
    db.session.expire_all()
    after = {row.stage_id: row.points for row in db.session.scalars(_totals(cast.alice))}
    assert after[stage(1).id] == total[stage(1).id]
    hide(joint, cast.cora, "tone", "", NOW)
    assert {row.points for row in db.session.scalars(_totals(cast.charlie))} == {0}
    restore(joint, cast.cora, NOW)
    db.session.expire_all()
    assert {row.stage_id: row.points for row in db.session.scalars(_totals(cast.alice))} == after
    assert verify() == []


@pytest.mark.usefixtures("borrowing_earns")
def test_the_cap_of_a_day_holds_for_all_ideas_of_a_person_together(cast: Cast, idea: Activity) -> None:
    other = _done(make_activity(cast.alice))
    for number in range(5):
        borrow(other if number % 2 else idea, make_person())
    assert points_of(cast.alice) == 30


@pytest.mark.usefixtures("borrowing_earns")
def test_withdrawing_and_hiding_take_it_back_and_showing_again_gives_it(cast: Cast, idea: Activity) -> None:
    activity = borrow(idea, cast.charlie)
    hide(activity, cast.kim, "tone", "", NOW)
    assert (points_of(cast.alice), reach_of(idea.id)) == (0, Reach(0, 0))
    restore(activity, cast.kim, NOW)
    assert (points_of(cast.alice), reach_of(idea.id)) == (10, Reach(1, 1))
    withdraw_activity(_whole(activity), by=cast.charlie, now=NOW)
    assert (points_of(cast.alice), reach_of(idea.id)) == (0, Reach(0, 0))
    settle(activity, NOW)
    assert points_of(cast.alice) == 0


@pytest.mark.usefixtures("borrowing_earns")
def test_what_changed_while_the_origin_was_hidden_is_made_right_when_it_is_shown(
    cast: Cast, idea: Activity
) -> None:
    activity = borrow(idea, cast.charlie)
    hide(idea, cast.cora, "tone", "", NOW)
    withdraw_activity(_whole(activity), by=cast.charlie, now=NOW)
    assert verify() == []
    restore(idea, cast.cora, NOW)
    assert points_of(cast.alice) == 0
    assert verify() == []


def test_a_hidden_branch_is_not_shown_but_those_who_borrowed_of_it_stay(cast: Cast, idea: Activity) -> None:
    second = _done(borrow(idea, cast.charlie))
    third = borrow(second, cast.bob)
    hide(second, cast.kim, "tone", "", NOW)
    (step,) = spread_page(idea.id).items
    assert step.activity.id == third.id
    assert step.origin is None
    tie = _tie_of(third)
    assert tie.origin is None
    assert tie.root
    assert tie.root.id == idea.id


def test_the_one_who_had_the_idea_is_told_once_a_day_of_all_who_borrow(cast: Cast, idea: Activity) -> None:
    for person in (cast.charlie, cast.bob, cast.cora):
        borrow(idea, person)
    (note,) = db.session.scalars(select(Notification).where(Notification.kind == "idea")).all()
    assert note.person_id == cast.alice.id
    assert note.url == f"/activities/{idea.id}/spread"
    words = words_of("idea", note.parameters, "sv")
    assert words.title == "Charlie Ceder i Klippan och 2 till lånar din idé"
    assert words.body == idea.title


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["borrow", "report", "fail", "withdraw", "hide", "restore"]),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=16,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@starting_anew
def test_any_order_leaves_what_a_recomputation_finds(
    cast: Cast, borrowing_earns: None, steps: list[tuple[str, int, int]]
) -> None:
    people = (cast.alice, cast.charlie, cast.bob)
    numbers = [_done(make_activity(people[0])).id, _done(make_joint(people[1], people[2])).id]
    for step, one, other in steps:
        activity = _by_number(numbers[one % len(numbers)])
        if step == "borrow":
            numbers.append(_try_to_borrow(activity, people[other % 3]))
        else:
            _take(step, activity, cast)
    assert verify() == []
    visible = [number for number in numbers if _by_number(number).is_visible]
    tied = select(func.count()).where(Adoption.activity_id.in_(visible))
    counted = select(func.sum(IdeaSpread.adoptions)).where(IdeaSpread.root_id.in_(numbers))
    assert (db.session.scalar(counted) or 0) == db.session.scalar(tied)


def _try_to_borrow(origin: Activity, person: Person) -> int:
    activity = make_activity(person)
    adopt(activity, origin, now=NOW)
    return activity.id


def _take(step: str, activity: Activity, cast: Cast) -> None:
    moderator = cast.kim if activity.municipality.slug == "klippan" else cast.cora
    try:
        if step in ("report", "fail"):
            make_outcome(activity, carried_out=step == "report")
        elif step == "withdraw":
            withdraw_activity(activity, by=activity.owner, now=NOW)
        elif step == "hide":
            hide(activity, moderator, "tone", "", NOW)
        else:
            restore(activity, moderator, NOW)
    except (AlreadyDecidedError, ClosedError):
        return


@pytest.mark.usefixtures("borrowing_earns")
def test_wrong_figures_are_found_and_repaired(cast: Cast, idea: Activity) -> None:
    borrow(idea, cast.charlie)
    db.session.scalars(select(Credit)).one().points = 25
    db.session.scalars(select(IdeaSpread)).one().adoptions = 4
    db.session.flush()
    assert [(one.of.split()[0], one.stored, one.recomputed) for one in verify()] == [
        ("idea_spread", 4, 1),
        ("credit_points", 10, 25),
    ]
    repair()
    assert verify() == []
    assert points_of(cast.alice) == 25


def _totals(person: Person):  # type: ignore[no-untyped-def]
    return select(PersonTotal).where(PersonTotal.person_id == person.id)


def _tie_of(activity: Activity) -> Tie:
    its = around(activity.id, activity.owner_id)
    assert its.origin_id
    assert its.root_id
    return tie_to(its.origin_id, its.root_id)


def _done(activity: Activity) -> Activity:
    make_outcome(activity)
    return _whole(activity)


def _whole(activity: Activity) -> Activity:
    return _by_number(activity.id)


def _by_number(activity_id: int) -> Activity:
    loaded = whole_activity(activity_id)
    assert loaded
    return loaded
