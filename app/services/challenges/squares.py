"""One square of the quilt: its challenges, and what has been carried out in it."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.models.activity import Activity
from app.models.challenge import Challenge, is_shown_challenge
from app.models.contribution import is_visible
from app.models.outcome import Outcome
from app.models.paging import Page, page
from app.models.square import SquareActivity


def challenges_of_stage(
    stage_id: int, square: tuple[int, int] | None = None, before: int | None = None
) -> Page[Challenge]:
    """Every challenge of a stage, or of one square of it (value and focus area), open or not, latest first. `before` is
    the number of the last one seen."""
    query = select(Challenge).where(Challenge.stage_id == stage_id, is_shown_challenge())
    if square:
        query = query.where(Challenge.value_id == square[0], Challenge.focus_area_id == square[1])
    if before:
        query = query.where(Challenge.id < before)
    return page(query.order_by(Challenge.id.desc()))


def activities_of_square(stage_id: int, square: tuple[int, int], before: int | None = None) -> Page[Activity]:
    """The activities that are counted in a square, latest first, in the order of its index; without what was hidden or
    reported otherwise after the stage, which its frozen quilt still counts."""
    row = SquareActivity
    query = (
        select(Activity)
        .join(row, row.activity_id == Activity.id)
        .options(
            joinedload(Activity.owner, innerjoin=True),
            contains_eager(Activity.outcome).load_only(Outcome.rating, Outcome.carried_out),
        )
        .join(Outcome, Outcome.activity_id == Activity.id)
        .where(row.stage_id == stage_id, row.value_id == square[0], row.focus_area_id == square[1])
        .where(Outcome.carried_out, is_visible(Activity.id))
    )
    if before:
        query = query.where(row.activity_id < before)
    return page(query.order_by(row.activity_id.desc()))
