"""The running figures of the quilts of the stages that are not over: first the activities that are counted in each
square, and then their number."""

from typing import Any

from sqlalchemy import delete, func, insert, literal, select, union

from app.extensions import db
from app.models.activity import Activity, also_value
from app.models.contribution import is_visible
from app.models.outcome import is_carried_out
from app.models.square import Square, SquareActivity
from app.services.upkeep.running_figures import RunningFigure
from app.services.upkeep.running_stages import open_stage_ids

_KEY = ("stage_id", "value_id", "focus_area_id")


def _belonging() -> Any:
    """Activity, value, stage and focus area of what belongs in a square, and 1."""
    lived = union(
        select(Activity.id.label("activity_id"), Activity.value_id),
        select(also_value.c.activity_id, also_value.c.value_id),
    ).subquery()
    return (
        select(Activity.id, lived.c.value_id, Activity.stage_id, Activity.focus_area_id, literal(1))
        .join(lived, lived.c.activity_id == Activity.id)
        .where(Activity.stage_id.in_(open_stage_ids()), is_carried_out(Activity.id), is_visible(Activity.id))
    )


def _counted() -> Any:
    row = SquareActivity
    columns = (row.activity_id, row.value_id, row.stage_id, row.focus_area_id, literal(1))
    return select(*columns).where(row.stage_id.in_(open_stage_ids()))


def _sums() -> Any:
    _activity, value, stage, area, _one = belonging = _belonging().subquery().c
    return select(stage, value, area, func.count(belonging[0])).group_by(stage, value, area)


def _open_squares(*columns: Any) -> Any:
    return select(*columns).where(Square.stage_id.in_(open_stage_ids()))


def _rebuild_rows() -> None:
    rows = db.session.execute(_belonging()).all()
    columns = ("activity_id", "value_id", "stage_id", "focus_area_id")
    gone = delete(SquareActivity).where(SquareActivity.stage_id.in_(open_stage_ids()))
    db.session.execute(gone, execution_options={"synchronize_session": False})
    if rows:
        db.session.execute(insert(SquareActivity), [dict(zip(columns, row[:4], strict=True)) for row in rows])


def _rebuild_counts() -> None:
    """In place: a square also remembers who was first there. One that has no row yet gets it at its next report."""
    counts = {(stage, value, area): count for stage, value, area, count in db.session.execute(_sums())}
    for square in db.session.scalars(_open_squares(Square)):
        square.carried_out = counts.get((square.stage_id, square.value_id, square.focus_area_id), 0)
    db.session.flush()


FIGURES = (
    RunningFigure(
        ("square_activity", "activity", "value", "stage", "area"), _counted, _belonging, _rebuild_rows
    ),
    RunningFigure(
        ("square", "stage", "value", "area"),
        lambda: _open_squares(*(getattr(Square, column) for column in _KEY), Square.carried_out),
        _sums,
        _rebuild_counts,
    ),
)
