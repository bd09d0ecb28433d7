"""The running figures of a stage: what one activity adds to them, until the stage's last day has ended.

After that the sums stand as they are: that is what freezes a stage (PRODUCT: The figures, defined)."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, tuple_, update

from app.extensions import Model, db
from app.models.activity import Activity
from app.models.stage import Stage
from app.models.stage_figure import CountedActivity, StageFigure, UnreportedPlans
from app.models.upsert import upsert
from app.services.points.closing import is_closed
from app.services.sums.shares import Share, shares

#: What activities are counted as.
KEPT: Final = select(CountedActivity.__table__)
_ONE_KEPT: Final = KEPT.where(CountedActivity.activity_id == bindparam("activity_id"))
_ONE: Final = Activity.id == bindparam("activity_id")
_UNSYNCHRONIZED: Final = {"synchronize_session": False}


def count_in_figures(activity: Activity, now: datetime) -> None:
    """Count it as what it is by now, and no more as what it was. The caller waits for the ledger, under whose lock
    these rows are written too."""
    before, after = _counted(activity.id), shares(_ONE, activity_id=activity.id).get(activity.id)
    if before == after or is_closed(Stage.by_id(activity.stage_id), now):
        return
    _keep(activity.id, after)
    _change_sums(activity.stage_id, before, after)
    _change_days(activity.stage_id, before, after)


def kept_share(row: Any) -> Share:
    """From a row of `KEPT`."""
    columns = {name: getattr(row, name) for name in Share._fields}
    return Share(**{**columns, "scopes": frozenset(row.scopes.split())})


def _counted(activity_id: int) -> Share | None:
    row = db.session.execute(_ONE_KEPT, {"activity_id": activity_id}).first()
    return kept_share(row) if row else None


def _keep(activity_id: int, share: Share | None) -> None:
    row = CountedActivity
    if share is None:
        gone = delete(row).where(row.activity_id == activity_id)
        db.session.execute(gone, execution_options=_UNSYNCHRONIZED)
        return
    new = upsert(row).values(share.row(activity_id))
    changed = {column: new.excluded[column] for column in Share._fields}
    db.session.execute(new.on_conflict_do_update(index_elements=[row.activity_id], set_=changed))


def _change_sums(stage_id: int, before: Share | None, after: Share | None) -> None:
    """What it was and what it is differ by the same in every group that it stays in."""
    old = before.scopes if before else frozenset()
    new = after.scopes if after else frozenset()
    less, more = before.sums() if before else Counter[str](), after.sums() if after else Counter[str]()
    _add_to(StageFigure, [{"stage_id": stage_id, "scope": scope, **more} for scope in sorted(new - old)])
    _add(stage_id, old - new, {column: -number for column, number in less.items()})
    _add(stage_id, old & new, {column: number - less[column] for column, number in more.items()})


def _add(stage_id: int, scopes: Collection[str], changes: Mapping[str, int]) -> None:
    """In the database and not in Python, as all running sums."""
    values = {column: getattr(StageFigure, column) + change for column, change in changes.items() if change}
    if scopes and values:
        here = update(StageFigure).where(StageFigure.stage_id == stage_id, StageFigure.scope.in_(scopes))
        db.session.execute(here.values(values), execution_options=_UNSYNCHRONIZED)


def _add_to(model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Add to rows that are there, and make those that are not."""
    if rows:
        new = upsert(model).values(rows)
        table = model.__table__
        more = {
            name: column + new.excluded[name] for name, column in table.c.items() if not column.primary_key
        }
        db.session.execute(new.on_conflict_do_update(index_elements=table.primary_key, set_=more))


def _change_days(stage_id: int, before: Share | None, after: Share | None) -> None:
    old, new = before.days() if before else set(), after.days() if after else set()
    rows = [{"stage_id": stage_id, "scope": scope, "day": day} for scope, day in sorted(new - old)]
    _add_to(UnreportedPlans, [row | {"plans": 1} for row in rows])
    places = old - new
    if places:
        row = UnreportedPlans
        here = update(row).where(row.stage_id == stage_id, tuple_(row.scope, row.day).in_(places))
        db.session.execute(here.values(plans=row.plans - 1), execution_options=_UNSYNCHRONIZED)
