"""Who is first in a square that an activity has left, because it never belonged there."""

from datetime import datetime

from sqlalchemy import Select, delete, select

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Outcome, is_reported
from app.models.square import Square, SquareActivity
from app.models.stage import Stage
from app.services.badges.concerned import people_around
from app.services.badges.settle import settle_badges
from app.services.points import award
from app.services.points.closing import is_closed
from app.services.sums.undone_reports import settle_undone_report


def pass_on_squares(activity: Activity, now: datetime) -> None:
    """Of each square where it is first and is not counted any more, whoever reported next is the first, and earns what
    that earns; an empty one waits for the next. What the activity has earned there rests, as long as it is not first.
    After it has been settled. Not when its stage is over, whose quilt stays as it is."""
    if is_closed(Stage.by_id(activity.stage_id), now):
        return
    concerned = people_around(activity.id)
    for square in db.session.scalars(_left_by(activity)).all():
        concerned |= _pass_on(square, now)
    db.session.flush()
    if db.session.scalar(select(is_reported(activity.id))):
        settle_undone_report(activity.id, now)
    settle_badges(concerned, now)


def _left_by(activity: Activity) -> Select[Square]:
    here = (
        (SquareActivity.activity_id == activity.id)
        & (SquareActivity.stage_id == Square.stage_id)
        & (SquareActivity.value_id == Square.value_id)
        & (SquareActivity.focus_area_id == Square.focus_area_id)
    )
    is_counted = select(SquareActivity.activity_id).where(here).correlate(Square).exists()
    squares = select(Square).where(Square.first_id == activity.id, ~is_counted)
    return squares.order_by(Square.value_id, Square.focus_area_id).execution_options(populate_existing=True)


def _pass_on(square: Square, now: datetime) -> set[int]:
    """Those whose badges may follow."""
    following = db.session.scalar(_next_in(square))
    place = (square.stage_id, square.value_id, square.focus_area_id)
    if following is None:
        same = (Square.stage_id == place[0], Square.value_id == place[1], Square.focus_area_id == place[2])
        db.session.execute(delete(Square).where(*same))
        return set()
    square.first_id = following.id
    db.session.flush()
    award.award_first(following, [":".join(map(str, ("square", *place)))], now)
    settle_undone_report(following.id, now)
    return following.owner_ids()


def _next_in(square: Square) -> Select[Activity]:
    return (
        select(Activity)
        .join(SquareActivity, SquareActivity.activity_id == Activity.id)
        .join(Outcome, Outcome.activity_id == Activity.id)
        .where(
            SquareActivity.stage_id == square.stage_id,
            SquareActivity.value_id == square.value_id,
            SquareActivity.focus_area_id == square.focus_area_id,
        )
        .order_by(Outcome.at, Activity.id)
        .limit(1)
    )
