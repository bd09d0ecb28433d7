"""How many statements a plan and a report take, with all that follows from them in the same transaction."""

from collections.abc import Callable

from app.extensions import db
from app.services.activities.plan import move_activity, plan_activity
from app.services.activities.report import Report, report_outcome
from app.services.activities.visibility import whole_activity
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_plan, stage


def statements(queries: list[str], act: Callable[[], object]) -> int:
    queries.clear()
    act()
    db.session.flush()
    return len(queries)


def test_a_plan_a_move_and_a_report_cost_what_they_did(cast: Cast, queries: list[str]) -> None:
    """So that nothing makes them dearer unseen. What one may do without is done without."""
    for _earlier in range(2):  # words, sums and badges are there
        report_outcome(make_activity(cast.alice), Report(True, 4), by=cast.alice, now=NOW)
        db.session.commit()
    plan, running = make_plan(), stage()

    def plans() -> None:
        plan_activity(cast.alice, plan, stage=running, request_key="once", now=NOW)

    assert statements(queries, plans) <= 34
    db.session.commit()
    activity = whole_activity(make_activity(cast.alice).id)
    assert activity
    assert cast.alice.id
    assert statements(queries, lambda: move_activity(activity, TODAY, by=cast.alice, now=NOW)) <= 26
    report = Report(True, 4)
    assert statements(queries, lambda: report_outcome(activity, report, by=cast.alice, now=NOW)) <= 41
