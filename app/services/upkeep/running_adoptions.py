"""The running figures of ideas that spread: what is counted, and where."""

from typing import Any

from sqlalchemy import func, literal, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.adoption import Adoption, IdeaSpread
from app.models.contribution import is_visible
from app.services.upkeep.running_figures import RunningFigure, in_table

_KEY = ("root_id", "municipality_id")


def _counted() -> Any:
    return select(Adoption.activity_id, literal(1)).where(Adoption.is_counted)


def _belonging() -> Any:
    return select(Adoption.activity_id, literal(1)).where(is_visible(Adoption.activity_id))


def _rebuild_counted() -> None:
    correction = update(Adoption).values(is_counted=is_visible(Adoption.activity_id))
    db.session.execute(correction, execution_options={"synchronize_session": False})


def _spread() -> Any:
    return select(IdeaSpread.root_id, IdeaSpread.municipality_id, IdeaSpread.adoptions)


def _spread_anew() -> Any:
    return (
        select(Adoption.root_id, Activity.municipality_id, func.count())
        .join(Activity, Activity.id == Adoption.activity_id)
        .where(is_visible(Adoption.activity_id))
        .group_by(Adoption.root_id, Activity.municipality_id)
    )


FIGURES = (
    RunningFigure(("adoption", "activity"), _counted, _belonging, _rebuild_counted),
    RunningFigure(
        ("idea_spread", "root", "municipality"),
        _spread,
        _spread_anew,
        in_table(IdeaSpread, _KEY, "adoptions", _spread_anew),
    ),
)
