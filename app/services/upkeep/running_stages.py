"""The running figures of the stages that are not over. What they were when an old one was closed cannot be counted
again: who was hidden, moved or reported later is not told apart from who was before."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, insert, select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.stage import stages
from app.models.stage_figure import CountedActivity, StageFigure, UnreportedPlans
from app.services.points.closing import is_closed
from app.services.sums.shares import SUMS, Share, shares
from app.services.sums.stage_figures import KEPT, kept_share
from app.services.upkeep.running_figures import RunningFigure

#: How many activities are looked at together.
_PORTION: Final = 5_000
_UNSYNCHRONIZED: Final = {"synchronize_session": False}
_Rows = list[tuple[Any, ...]]


class _Totals(NamedTuple):
    #: By stage, scope and column.
    sums: Counter[tuple[int, str, str]]
    #: By stage, scope and day.
    days: Counter[tuple[int, str, date]]


def open_stage_ids() -> list[int]:
    """Those whose figures still change, also those that have not begun."""
    now = clock.now()
    return [stage.id for stage in stages() if not is_closed(stage, now)]


def _portions() -> Iterator[tuple[dict[int, int], dict[int, Share]]]:
    """The stage of each activity of the open stages, and what it should be counted as, some at a time."""
    in_open_stage = Activity.stage_id.in_(open_stage_ids())
    last = db.session.scalar(select(func.max(Activity.id)).where(in_open_stage)) or 0
    for begin in range(0, last, _PORTION):
        which = in_open_stage & (Activity.id > begin) & (Activity.id <= begin + _PORTION)
        stage_ids = select(Activity.id, Activity.stage_id).where(which)
        yield dict(db.session.execute(stage_ids).all()), shares(which)


def _totals() -> _Totals:
    totals = _Totals(Counter(), Counter())
    for stage_ids, should_be in _portions():
        for activity_id, share in should_be.items():
            sums, stage_id = share.sums(), stage_ids[activity_id]
            totals.sums.update(
                {(stage_id, scope, column): n for scope in share.scopes for column, n in sums.items()}
            )
            totals.days.update((stage_id, scope, day) for scope, day in share.days())
    return totals


def _kept_sums() -> _Rows:
    rows = select(StageFigure.__table__).where(StageFigure.stage_id.in_(open_stage_ids()))
    return [
        (row.stage_id, row.scope, column, getattr(row, column))
        for row in db.session.execute(rows)
        for column in SUMS
    ]


def _kept_days() -> _Rows:
    row = UnreportedPlans
    days = select(row.stage_id, row.scope, row.day, row.plans).where(row.stage_id.in_(open_stage_ids()))
    return [tuple(one) for one in db.session.execute(days)]


def _rows_of(counts: Counter[Any]) -> _Rows:
    return [(*key, number) for key, number in counts.items()]


def _outdated() -> _Rows:
    """Activities that are counted as something else than they are by now."""
    outdated = []
    for stage_ids, should_be in _portions():
        kept_rows = db.session.execute(KEPT.where(CountedActivity.activity_id.in_(stage_ids)))
        kept = {row.activity_id: kept_share(row) for row in kept_rows}
        outdated += [(id_, 1) for id_ in stage_ids if kept.get(id_) != should_be.get(id_)]
    return outdated


def _rebuild_sums() -> None:
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for (stage_id, scope, column), number in _totals().sums.items():
        row = rows.setdefault((stage_id, scope), {"stage_id": stage_id, "scope": scope})
        row[column] = number
    _replace(StageFigure, list(rows.values()))


def _rebuild_days() -> None:
    columns = ("stage_id", "scope", "day", "plans")
    _replace(UnreportedPlans, [dict(zip(columns, row, strict=True)) for row in _rows_of(_totals().days)])


def _replace(table: Any, rows: list[dict[str, Any]]) -> None:
    here = delete(table).where(table.stage_id.in_(open_stage_ids()))
    db.session.execute(here, execution_options=_UNSYNCHRONIZED)
    if rows:
        db.session.execute(insert(table), rows)


def _rebuild_counted() -> None:
    for stage_ids, should_be in _portions():
        gone = delete(CountedActivity).where(CountedActivity.activity_id.in_(stage_ids))
        db.session.execute(gone, execution_options=_UNSYNCHRONIZED)
        if should_be:
            rows = [share.row(activity_id) for activity_id, share in should_be.items()]
            db.session.execute(insert(CountedActivity), rows)


FIGURES = (
    RunningFigure(("outdated_activity", "activity"), _outdated, list, _rebuild_counted),
    RunningFigure(
        ("stage_figure", "stage", "scope", "figure"),
        _kept_sums,
        lambda: _rows_of(_totals().sums),
        _rebuild_sums,
    ),
    RunningFigure(
        ("unreported_plans", "stage", "scope", "day"),
        _kept_days,
        lambda: _rows_of(_totals().days),
        _rebuild_days,
    ),
)
