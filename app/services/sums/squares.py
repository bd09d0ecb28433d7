"""The squares of the quilt: where an activity is counted, and who was first there (PRODUCT: the strategy's gap map)."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from app.extensions import db
from app.models.activity import Activity, also_value
from app.models.contribution import is_visible
from app.models.outcome import is_carried_out
from app.models.square import Square, SquareActivity
from app.models.stage import Stage
from app.models.upsert import upsert
from app.services.points import award
from app.services.points.closing import is_closed

_KEY = ["stage_id", "value_id", "focus_area_id"]
_UNSYNCHRONIZED = {"synchronize_session": False}
_COUNTED: Final = select(
    SquareActivity.stage_id, SquareActivity.value_id, SquareActivity.focus_area_id
).where(SquareActivity.activity_id == bindparam("activity_id"))
_COUNTS: Final = select(Activity.id).where(
    Activity.id == bindparam("activity_id"), is_carried_out(Activity.id), is_visible(Activity.id)
)
_ALSO: Final = select(also_value.c.value_id).where(also_value.c.activity_id == bindparam("activity_id"))
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
    counted, belongs = _counted(activity.id), _belongs(activity)
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


def _counted(activity_id: int) -> set[_Place]:
    return {_Place(*square) for square in db.session.execute(_COUNTED, {"activity_id": activity_id})}


def _belongs(activity: Activity) -> set[_Place]:
    """Its main value and the others alike, while it is carried out and visible."""
    if not db.session.scalar(_COUNTS, {"activity_id": activity.id}):
        return set()
    also = db.session.scalars(_ALSO, {"activity_id": activity.id})
    return {
        _Place(activity.stage_id, value_id, activity.focus_area_id) for value_id in {activity.value_id, *also}
    }


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
    """In the database and not in Python: two may report at once."""
    square = upsert(Square).values(**place._asdict(), carried_out=1, first_id=activity.id, first_at=now)
    if change > 0:
        new = square.on_conflict_do_nothing(index_elements=_KEY).returning(Square.value_id)
        if db.session.execute(new).first():
            return True
    same = (Square.stage_id == place.stage_id, Square.value_id == place.value_id)
    here = update(Square).where(*same, Square.focus_area_id == place.focus_area_id)
    db.session.execute(
        here.values(carried_out=Square.carried_out + change), execution_options=_UNSYNCHRONIZED
    )
    return False
