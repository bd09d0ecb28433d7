"""The migration counts what there is, in SQL, as the running sums would have been counted."""

from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.stage_figure import CountedActivity, StageFigure, UnreportedPlans
from app.services.moderation.decide import hide
from app.services.upkeep.audit import OF_STAGES, verify
from tests.cast import Cast
from tests.database.conftest import empty_app as empty_app
from tests.factories import NOW, TODAY, load_small_programme, make_activity, make_joint, make_outcome, value

_MIGRATION = "0024"
_BEFORE = (
    ScriptDirectory(str(Path(__file__).parents[2] / "migrations")).get_revision(_MIGRATION).down_revision
)


@pytest.mark.usefixtures("at_now")
def test_it_counts_what_there_is(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    load_small_programme()
    _some_history(Cast())
    kept = _rows()
    assert all(kept)
    db.session.remove()
    flask_migrate.downgrade(revision=str(_BEFORE))
    flask_migrate.upgrade()
    assert _rows() == kept
    assert verify(OF_STAGES) == []


def _some_history(cast: Cast) -> None:
    make_activity(cast.alice, also_values=[value("kreativt"), value("manskligt")])
    make_activity(cast.alice, planned_for=None)
    make_outcome(make_joint(cast.alice, cast.charlie, planned_for=TODAY), rating=5)
    make_outcome(make_activity(cast.bob, also_values=[value("kreativt")]), carried_out=False)
    hide(make_activity(cast.bob), cast.cora, "tone", "", NOW)
    db.session.commit()


def _rows() -> tuple[list[Any], ...]:
    figures = db.session.execute(select(StageFigure.__table__).where(StageFigure.planned > 0))
    days = db.session.execute(select(UnreportedPlans.__table__).where(UnreportedPlans.plans > 0))
    counted = db.session.execute(select(CountedActivity.__table__))
    return (
        sorted(map(tuple, figures)),
        sorted(map(tuple, days)),
        sorted((row.activity_id, sorted(row.scopes.split()), *row[2:]) for row in counted),
    )
