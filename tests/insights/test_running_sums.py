"""The running sums of a stage: whatever happens in whatever order, they are what a recount finds."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity
from app.models.stage_figure import CountedActivity, StageFigure, UnreportedPlans
from app.services.activities.locking import ClosedError
from app.services.activities.plan import (
    answer_invitation,
    change_plan,
    invite,
    move_activity,
    withdraw_activity,
)
from app.services.activities.visibility import whole_activity
from app.services.insights.figures import stage_figures
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import hide, restore
from app.services.sums.settle import settle
from app.services.upkeep import audit
from tests.anew import starting_anew
from tests.cast import Cast
from tests.factories import NOW, TODAY, focus_area, make_activity, make_outcome, make_plan, stage, value
from tests.insights.by_hand import counted_by_hand

pytestmark = pytest.mark.usefixtures("at_now")


def _whole(activity_id: int) -> Activity:
    activity = whole_activity(activity_id)
    assert activity
    return activity


def _day(number: int) -> date:
    return TODAY + timedelta(days=number - 2)


def _report(activity: Activity, _cast: Cast, number: int) -> None:
    if activity.is_visible:
        make_outcome(activity, rating=number + 1, reached=number)


def _fail(activity: Activity, _cast: Cast, _number: int) -> None:
    if activity.is_visible:
        make_outcome(activity, carried_out=False)


def _edit(activity: Activity, _cast: Cast, number: int) -> None:
    slugs = ("manskligt", "valkomnande", "kreativt", "gemensamt")
    plan = make_plan(
        value=value(slugs[number % 4]),
        also_values=[value(slug) for slug in slugs[: number % 3]],
        focus_area=focus_area("miljo" if number % 2 else "larande"),
        planned_for=_day(number) if number else None,
        audience="Alla" if number % 2 else "",
    )
    change_plan(activity, plan, by=activity.owner, now=NOW)


def _move(activity: Activity, _cast: Cast, number: int) -> None:
    move_activity(activity, _day(number), by=activity.owner, now=NOW)


def _join(activity: Activity, cast: Cast, number: int) -> None:
    other = (cast.lena, cast.stig, cast.kim)[number % 3]
    answer_invitation(invite(activity, other, by=activity.owner, now=NOW), number != 4, now=NOW)


def _hide(activity: Activity, cast: Cast, _number: int) -> None:
    hide(activity, cast.cora, "tone", "", NOW)


def _restore(activity: Activity, cast: Cast, _number: int) -> None:
    restore(activity, cast.cora, NOW)


def _withdraw(activity: Activity, _cast: Cast, _number: int) -> None:
    withdraw_activity(activity, by=activity.owner, now=NOW)


_ACTS: tuple[Callable[[Activity, Cast, int], None], ...] = (
    _report, _report, _fail, _edit, _edit, _move, _join, _hide, _restore, _withdraw,
)  # fmt: skip
_STEPS = st.lists(st.tuples(st.sampled_from(_ACTS), st.integers(0, 2), st.integers(0, 4)), max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
@starting_anew
def test_any_order_leaves_what_a_recount_finds(
    cast: Cast, steps: list[tuple[Callable[[Activity, Cast, int], None], int, int]]
) -> None:
    numbers = [make_activity(person).id for person in (cast.alice, cast.bob, cast.charlie)]
    for act, which, number in steps:
        with suppress(ClosedError, AlreadyDecidedError):
            act(_whole(numbers[which]), cast, number)
    db.session.expire_all()
    assert stage_figures(stage(), TODAY) == counted_by_hand(stage(), TODAY)
    assert audit.verify() == []


def test_settling_twice_changes_nothing(cast: Cast) -> None:
    activity = make_activity(cast.alice)
    make_outcome(activity)
    before = stage_figures(stage(), TODAY)
    settle(activity, NOW)
    assert stage_figures(stage(), TODAY) == before


def test_wrong_sums_are_found_and_repaired(app: Flask, cast: Cast) -> None:
    make_activity(cast.alice)
    make_outcome(make_activity(cast.bob))
    db.session.scalars(select(StageFigure).where(StageFigure.scope == "all")).one().planned = 7
    db.session.scalars(select(UnreportedPlans).where(UnreportedPlans.scope == "all")).one().plans = 8
    db.session.scalars(select(CountedActivity)).all()[0].answers = 1
    db.session.commit()
    wrong = {(one.of.split()[0], one.stored, one.recomputed) for one in audit.verify(audit.OF_STAGES)}
    assert wrong == {("stage_figure", 7, 2), ("unreported_plans", 8, 1), ("outdated_activity", 1, 0)}
    run = app.test_cli_runner()
    found = run.invoke(args=["figures", "verify"])
    assert (
        found.exit_code,
        "stage_figure stage 2 scope all figure planned: kept 7, counted 2" in found.output,
    ) == (
        1,
        True,
    )
    assert run.invoke(args=["figures", "verify", "--repair"]).exit_code == 0
    assert run.invoke(args=["figures", "verify"]).exit_code == 0
    assert stage_figures(stage(), TODAY) == counted_by_hand(stage(), TODAY)


def test_reading_them_costs_the_same_whatever_has_happened_and_asks_no_activity(
    cast: Cast, queries: list[str]
) -> None:
    counts = []
    for number in range(4):
        make_outcome(make_activity(cast.bob))
        make_activity(cast.alice, planned_for=_day(number))
        db.session.expire_all()
        this_stage = stage()
        queries.clear()
        stage_figures(this_stage, TODAY)
        counts.append(len(queries))
        assert [one for one in queries if "activity" in one or "outcome" in one or "person" in one] == []
    assert len(set(counts)) == 1
