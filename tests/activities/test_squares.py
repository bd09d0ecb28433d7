"""The squares of the quilt: what is counted where, and who is first, whatever happens in whatever order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.ledger import PointEntry
from app.models.programme import FocusArea, Value
from app.models.square import Square
from app.services.activities.visibility import whole_activity
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore
from app.services.sums.settle import settle
from app.services.sums.squares import squares_of
from app.services.upkeep.audit import repair, verify
from tests.anew import starting_anew
from tests.cast import Cast
from tests.factories import NOW, add_rules, make_activity, make_outcome, stage, value

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def first_earns(cast: Cast) -> None:
    add_rules(first={"points": 20, "daily": 2})


def counts() -> dict[tuple[str, str], int]:
    """By the slugs of value and focus area, without what is empty."""
    values = {value.id: value.slug for value in db.session.scalars(select(Value))}
    areas = {area.id: area.slug for area in db.session.scalars(select(FocusArea))}
    squares = squares_of(stage().id).items()
    return {(values[value_id], areas[area_id]): count for (value_id, area_id), count in squares if count}


def first_points() -> list[int]:
    entries = select(PointEntry.points).where(PointEntry.reason == "first").order_by(PointEntry.id)
    return list(db.session.scalars(entries))


def test_a_plan_is_in_no_square_until_it_is_carried_out(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    assert counts() == {}
    make_outcome(activity)
    assert counts() == {("valkomnande", "larande"): 1}


def test_what_came_to_nothing_is_in_no_square(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity, carried_out=False)
    assert counts() == {}


def test_main_and_other_values_count_alike(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice, also_values=[value("manskligt")]))
    assert counts() == {("valkomnande", "larande"): 1, ("manskligt", "larande"): 1}


def test_a_report_that_is_changed_moves_it(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    make_outcome(activity, carried_out=False)
    assert counts() == {}
    make_outcome(activity)
    assert sum(counts().values()) == 1


def test_hiding_takes_it_out_and_showing_again_puts_it_back(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    before = counts()
    hide(activity, cast.cora, "tone", "", NOW)
    assert counts() == {}
    restore(activity, cast.cora, NOW)
    assert counts() == before


@pytest.mark.usefixtures("first_earns")
def test_the_first_report_in_a_square_earns_extra_and_the_second_does_not(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice))
    make_outcome(make_activity(cast.bob))
    assert first_points() == [20]


@pytest.mark.usefixtures("first_earns")
def test_the_extra_points_are_given_once_also_when_the_first_one_is_hidden(cast: Cast) -> None:
    first = make_activity(cast.alice)
    make_outcome(first)
    hide(first, cast.cora, "tone", "", NOW)
    make_outcome(make_activity(cast.bob))
    restore(first, cast.cora, NOW)
    assert first_points() == [20]
    assert db.session.scalars(select(Square.first_id)).all() == [first.id]


@pytest.mark.usefixtures("first_earns")
def test_the_extra_points_have_a_cap_a_day(cast: Cast) -> None:
    make_outcome(make_activity(cast.alice, also_values=[value("manskligt"), value("kreativt")]))
    assert first_points() == [20, 20]


def test_settling_twice_changes_nothing(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    before = counts()
    settle(activity, NOW)
    assert counts() == before


STEPS = st.lists(
    st.tuples(st.sampled_from(["report", "fail", "hide", "restore"]), st.integers(0, 2)), max_size=14
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@starting_anew
def test_any_order_leaves_what_a_recomputation_finds(cast: Cast, steps: list[tuple[str, int]]) -> None:
    numbers = [make_activity(person).id for person in (cast.alice, cast.bob, cast.charlie)]
    for step, number in steps:
        activity = whole_activity(numbers[number])
        assert activity
        _take(step, activity, cast)
    assert verify() == []


def _take(step: str, activity: Activity, cast: Cast) -> None:
    moderator = cast.kim if activity.owner_id == cast.charlie.id else cast.cora
    if step in ("report", "fail"):
        if activity.removal is None:
            make_outcome(activity, carried_out=step == "report")
        return
    try:
        if step == "hide":
            hide(activity, moderator, "tone", "", NOW)
        else:
            restore(activity, moderator, NOW)
    except AlreadyDecidedError:
        return


def test_a_wrong_count_is_found_and_repaired(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    db.session.scalars(select(Square)).one().carried_out = 7
    db.session.flush()
    assert [(one.stored, one.recomputed) for one in verify()] == [(7, 1)]
    repair()
    assert verify() == []
