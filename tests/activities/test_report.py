"""Reporting: one outcome, the lessons that follow its text, points for honesty."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.feed import FeedItem, FeedKind
from app.models.ledger import PointEntry
from app.models.outcome import Outcome, Permission
from app.models.tip import Tip, TipKind
from app.services.activities.report import Report, report_outcome
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(cast.alice, planned_for=TODAY - timedelta(days=1))


def _points(activity: Activity, reason: str | None = None) -> int:
    entries = select(func.sum(PointEntry.points)).where(PointEntry.contribution_id == activity.id)
    return db.session.scalar(entries.where(PointEntry.reason == reason) if reason else entries) or 0


def _tips(activity: Activity) -> dict[str, str]:
    rows = db.session.execute(select(Tip.kind_of_tip, Tip.text).where(Tip.activity_id == activity.id))
    return dict(rows.all())


def test_a_report_is_kept_with_its_lessons_and_moves_the_feed_item(activity: Activity, cast: Cast) -> None:
    outcome = make_outcome(activity, rating=5, reached=64, permission=Permission.EXTERNAL)
    assert (outcome.carried_out, outcome.rating, outcome.reached, outcome.permission) == (
        True,
        5,
        64,
        "external",
    )
    assert outcome.by_id == cast.alice.id
    assert set(_tips(activity)) == {TipKind.SUCCESS, TipKind.PITFALL}
    item = db.session.scalars(select(FeedItem).where(FeedItem.contribution_id == activity.id)).one()
    assert item.kind == FeedKind.REPORTED


def test_a_second_report_changes_the_one_outcome_and_earns_nothing_again(activity: Activity) -> None:
    make_outcome(activity)
    before = _points(activity)
    make_outcome(activity, rating=2, success="", pitfall="Boka följebil tidigt, helst en månad före.")
    assert db.session.scalar(select(func.count()).select_from(Outcome)) == 1
    assert db.session.get_one(Outcome, activity.id).rating == 2
    assert _tips(activity) == {"pitfall": "Boka följebil tidigt, helst en månad före."}
    assert _points(activity) == before


def test_a_lesson_that_is_added_later_earns_its_points(activity: Activity) -> None:
    make_outcome(activity, success="", pitfall="")
    before = _points(activity)
    make_outcome(activity, success="Låt varje kommun äga sin egen sträcka.", pitfall="")
    assert _points(activity) == before + 10


def test_an_honest_failure_earns_as_much_as_a_success(cast: Cast) -> None:
    one, other = make_activity(cast.alice), make_activity(cast.bob)
    make_outcome(one, carried_out=True)
    make_outcome(other, carried_out=False)
    assert _points(one) == _points(other)


def test_what_came_to_nothing_has_neither_rating_nor_reach(activity: Activity) -> None:
    report = Report(carried_out=False, rating=3, story="Ingen hade tid.", reached=12)
    outcome = report_outcome(activity, report, by=activity.owner, now=NOW)
    assert (outcome.rating, outcome.reached) == (None, 0)


@pytest.mark.parametrize("planned_for", [None, TODAY + timedelta(days=30)])
def test_what_is_reported_early_or_undated_was_done_today(cast: Cast, planned_for: object) -> None:
    activity = make_activity(cast.alice, planned_for=planned_for)
    make_outcome(activity)
    assert activity.planned_for == TODAY


def test_a_late_report_keeps_its_date_and_counts_in_its_own_stage(activity: Activity) -> None:
    make_outcome(activity, now=NOW + timedelta(days=60))
    assert activity.planned_for == TODAY - timedelta(days=1)
    entry = db.session.scalars(select(PointEntry).where(PointEntry.reason == "report")).one()
    assert entry.stage_id == activity.stage_id
