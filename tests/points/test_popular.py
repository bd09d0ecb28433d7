"""What thousands have taken costs the next one no more: what a plan or a report reads does not grow with the others."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption
from app.models.contribution import Contribution
from app.models.credit import Credit
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.tip import HeededTip, Tip
from app.services.activities.adoption import adopt
from app.services.activities.visibility import whole_activity
from tests.cast import Cast
from tests.factories import NOW, add_rules, make_activity, make_outcome, make_person, make_tip

pytestmark = pytest.mark.sqlite

OTHERS = 2000
LONG_AGO = NOW.replace(month=3)


@pytest.fixture(autouse=True)
def policy(cast: Cast) -> None:
    add_rules(**{reason: {"points": 5, "daily": 3} for reason in ("heeded", "borrowed")})


def test_a_report_reads_as_much_however_many_plans_take_the_tip(cast: Cast) -> None:
    def costs(others: int) -> int:
        tip = make_tip(make_person())
        _plans_that_take(tip, others, cast.bob)
        activity = make_activity(make_person(), heeded=frozenset({tip.id}))
        return _steps(lambda: make_outcome(_whole(activity), helped={tip.id: True}))

    assert growth_of(costs) < 1.1


def test_a_plan_reads_as_much_however_many_plans_take_the_tip(cast: Cast) -> None:
    def costs(others: int) -> int:
        tip, person = make_tip(make_person()), make_person()
        _plans_that_take(tip, others, cast.bob)
        return _steps(lambda: make_activity(person, heeded=frozenset({tip.id})))

    assert growth_of(costs) < 1.1


def test_a_report_reads_as_much_however_many_plans_borrow_its_idea(cast: Cast) -> None:
    def costs(others: int) -> int:
        idea = make_activity(make_person())
        make_outcome(idea)
        _plans_that_borrow(idea, others, cast.bob)
        activity = make_activity(make_person())
        adopt(activity, idea, now=NOW)
        db.session.commit()
        return _steps(lambda: make_outcome(_whole(activity)))

    assert growth_of(costs) < 1.1


def growth_of(costs: Callable[[int], int]) -> float:
    """How many times as much it costs with many others as before there were any; the first time of all reads more."""
    costs(0)
    alone = costs(0)
    return costs(OTHERS) / alone


def _steps(do: Callable[[], Any]) -> int:
    """How much the database does for it: SQLite counts its steps, rows that are read and left out too."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection: Any = db.session.connection().connection.driver_connection
    db.session.expire_all()
    connection.set_progress_handler(count, 10)
    do()
    connection.set_progress_handler(None, 0)
    return taken


def _plans_that_take(tip: Tip, how_many: int, owner: Person) -> None:
    rows: list[dict[str, Any]] = [
        {"activity_id": number, "tip_id": tip.id, "person_id": owner.id, "at": LONG_AGO, "is_counted": True}
        for number in _plans(how_many, owner)
    ]
    if rows:
        db.session.execute(insert(HeededTip), rows)
    tip.heeded_count = how_many
    _credit(tip, [row["activity_id"] for row in rows], "heeded")


def _plans_that_borrow(idea: Activity, how_many: int, owner: Person) -> None:
    tie = {"origin_id": idea.id, "root_id": idea.id, "at": LONG_AGO, "is_counted": True}
    rows: list[dict[str, Any]] = [
        tie | {"activity_id": number, "branch_id": number} for number in _plans(how_many, owner)
    ]
    if rows:
        db.session.execute(insert(Adoption), rows)
    _credit(idea, [row["activity_id"] for row in rows], "borrowed")


def _plans(how_many: int, owner: Person) -> range:
    """Numbers of plans that are like one of the owner's."""
    model = make_activity(owner)
    columns = dict(
        db.session.execute(select(Activity.__table__).where(Activity.id == model.id)).mappings().one()
    )
    numbers = range(model.id + 1, model.id + 1 + how_many)
    if how_many:
        rows = [{"id": number, "kind": "activity", "owner_id": owner.id} for number in numbers]
        db.session.execute(insert(Contribution), rows)
        plans = [columns | {"id": number, "request_key": str(number)} for number in numbers]
        db.session.execute(insert(Activity.__table__), plans)  # type: ignore[arg-type]
    return numbers


def _credit(thing: Tip | Activity, activity_ids: list[int], reason: str) -> None:
    about = {"contribution_id": thing.id, "municipality_id": thing.municipality_id}
    earned = about | {"person_id": thing.owner_id, "reason": reason, "points": 5, "at": LONG_AGO}
    if activity_ids:
        given = [earned | {"activity_id": number, "is_given": True} for number in activity_ids]
        db.session.execute(insert(Credit), given)
        stage_id = db.session.scalars(select(Activity.stage_id).where(Activity.id == activity_ids[0])).one()
        entries = [earned | {"source": f"{reason}:{number}", "stage_id": stage_id} for number in activity_ids]
        db.session.execute(insert(PointEntry), entries)
    db.session.commit()


def _whole(activity: Activity) -> Activity:
    loaded = whole_activity(activity.id)
    assert loaded
    return loaded
