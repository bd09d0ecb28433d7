"""The squares of the quilt: where an activity is counted, and who was first there (PRODUCT: the strategy's gap map)."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Integer, bindparam, delete, insert, literal, select, union_all, update

from app.extensions import db
from app.models.activity import Activity, also_value
from app.models.contribution import is_visible
from app.models.outcome import is_carried_out
from app.models.square import Square, SquareActivity
from app.models.stage import Stage
from app.services.points import award
from app.services.points.closing import is_closed

_UNSYNCHRONIZED = {"synchronize_session": False}
_ACTIVITY_ID: Final = bindparam("activity_id", type_=Integer)
_COUNTS: Final = (Activity.id == _ACTIVITY_ID, is_carried_out(Activity.id), is_visible(Activity.id))
_SQUARE: Final = select(literal(True), Activity.stage_id, Activity.value_id, Activity.focus_area_id)
_ALSO: Final = select(literal(True), Activity.stage_id, also_value.c.value_id, Activity.focus_area_id)
#: Where it is counted, and where it belongs: its main value and the others alike, while it is carried out and visible.
_PLACES: Final = union_all(
    select(
        literal(False), SquareActivity.stage_id, SquareActivity.value_id, SquareActivity.focus_area_id
    ).where(SquareActivity.activity_id == _ACTIVITY_ID),
    _SQUARE.where(*_COUNTS),
    _ALSO.join(also_value, also_value.c.activity_id == Activity.id).where(*_COUNTS),
)
_LIVING: Final = select(Square.value_id, Square.focus_area_id, Square.carried_out).where(
    Square.stage_id == bindparam("stage_id")
)


class _Place(NamedTuple):
    """The key of a square."""

    stage_id: int
    value_id: int
    focus_area_id: int


def count_in_squares(activity: Activity, now: datetime) -> None:
    """Count it where it belongs by now, and nowhere else; the first one in a square earns extra, once. When its
    stage is over, the quilt stays as it is, and nobody is first there any more."""
    if is_closed(Stage.by_id(activity.stage_id), now):
        return
    rows = db.session.execute(_PLACES, {"activity_id": activity.id}).all()
    counted = {_Place(*place) for belongs_there, *place in rows if not belongs_there}
    belongs = {_Place(*place) for belongs_there, *place in rows if belongs_there}
    # Out of the old ones first: in another focus area it has a row for the same value. And always in the same order.
    moved = sorted(counted ^ belongs, key=lambda place: (place in belongs, place))
    firsts = [place for place in moved if _count(activity, place, place in belongs, now)]
    if firsts:
        award.award_first(activity, [":".join(map(str, ("square", *place))) for place in firsts], now)


def squares_of(stage_id: int) -> dict[tuple[int, int], int]:
    """How much has been carried out in each square that has come to life, by value and focus area; at most one row for
    each, however many activities there are."""
    rows = db.session.connection().execute(_LIVING, {"stage_id": stage_id})
    return {(value_id, area_id): count for value_id, area_id, count in rows}


def _count(activity: Activity, place: _Place, more: bool, now: datetime) -> bool:
    """One more or one less; whether the square had never had any."""
    if more:
        row = {"activity_id": activity.id, **place._asdict()}
        db.session.execute(insert(SquareActivity), [row])
    else:
        its_row = (SquareActivity.activity_id == activity.id, SquareActivity.value_id == place.value_id)
        db.session.execute(delete(SquareActivity).where(*its_row), execution_options=_UNSYNCHRONIZED)
    return _change(activity, place, 1 if more else -1, now)


def _change(activity: Activity, place: _Place, change: int, now: datetime) -> bool:
    """In the database and not in Python. Under the ledger's lock nobody else makes a square meanwhile."""
    same = (Square.stage_id == place.stage_id, Square.value_id == place.value_id)
    here = update(Square).where(*same, Square.focus_area_id == place.focus_area_id)
    changed = here.values(carried_out=Square.carried_out + change).returning(Square.value_id)
    if db.session.execute(changed, execution_options=_UNSYNCHRONIZED).first() or change < 0:
        return False
    square = {**place._asdict(), "carried_out": 1, "first_id": activity.id, "first_at": now}
    db.session.execute(insert(Square), [square])
    return True
