"""One transaction, also as SQLite runs in production: without what tests/conftest.py does for savepoints."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import create_app
from app.config import Settings
from app.extensions import Model, db
from app.models.activity import Activity
from app.models.person import Person
from app.services.activities.plan import plan_activity
from app.services.activities.visibility import points_given
from app.services.people.membership import Newcomer, join
from tests.factories import NOW, load_small_programme, make_plan, municipality, stage

pytestmark = pytest.mark.sqlite


@pytest.fixture
def production(tmp_path: Path) -> Iterator[None]:
    app = create_app(
        Settings.from_env({"ELDSJAL_DEV": "1", "DATA_DIR": str(tmp_path), "SECRET_KEY": "s" * 40})
    )
    with app.app_context():
        Model.metadata.create_all(db.engine)
        load_small_programme()
        db.session.commit()
        yield
        db.session.remove()
        db.engine.dispose()


def _newcomer() -> Newcomer:
    return Newcomer("alice@bjuv.se", "Alice Ahl", "", municipality("bjuv").id, "sv")


@pytest.mark.usefixtures("production")
def test_who_joins_and_is_rolled_back_has_not_joined() -> None:
    join(_newcomer(), now=NOW)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.usefixtures("production")
def test_a_plan_that_was_broken_off_is_planned_whole_by_the_retry() -> None:
    join(_newcomer(), now=NOW)
    db.session.commit()

    def plan() -> Activity:
        owner = db.session.scalars(select(Person)).one()
        return plan_activity(owner, make_plan(), stage=stage(), request_key="once", now=NOW)

    plan()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 0
    again = plan()
    db.session.commit()
    assert points_given(again.id) == 10
