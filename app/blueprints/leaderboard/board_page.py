"""What the page of a board shows."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from app.models.stage import Stage
from app.services.points.closing import is_closed, locked_on
from app.services.points.movement import best_attended, changes, most_improved
from app.services.points.standings import Board, Row, chasing
from app.services.points.week import week_of
from app.web.catalogue import catalogue

_A_WEEK: Final = timedelta(days=7)
#: How many stages one can choose beside the total.
_LATEST_STAGES = 2


def board_page(stage: Stage | None, own_municipality_id: int, now: datetime) -> dict[str, Any]:
    """The board of a stage, or the total when None. Only one that is still written moves, and opens its rows."""
    board, today, zone = Board(stage.id if stage else None), catalogue().today(now), catalogue().zone
    rows = board.now()
    context: dict[str, Any] = {
        "stage": stage,
        "rows": [row for row in rows if row.rank],
        "unranked": [row for row in rows if not row.rank],
        "tiles": rows,
        "top": max((row.score for row in rows if row.rank), default=0),
        "leading": [row for row in rows if row.leads],
        "chasing": chasing(rows),
        "mine": own_municipality_id,
        "locked_on": locked_on(stage, zone) if stage and is_closed(stage, now, zone) else None,
        "offered": _stages_to_choose(stage, today),
        "smallest": board.smallest,
        "people": catalogue().shows_people,
        "attended": best_attended(rows) if stage else [],
        "today": today,
        "moves": False,
    }
    if stage and not context["locked_on"]:
        context |= {"moves": True, **_movement(stage, board, rows, today)}
        if any(row.municipality_id == own_municipality_id for row in context["rows"]):
            context["week"] = week_of(own_municipality_id, stage.id, today, zone)
    return context


def municipality_page(
    slug: str, stage: Stage | None, own_municipality_id: int, now: datetime
) -> dict[str, Any] | None:
    """One row of it, opened; what made it only while the board is written and the row is ranked. None when there is no
    such municipality."""
    board, today, zone = Board(stage.id if stage else None), catalogue().today(now), catalogue().zone
    rows = board.now()
    row = next((one for one in rows if one.slug == slug), None)
    if row is None:
        return None
    context: dict[str, Any] = {
        "row": row,
        "stage": stage,
        "mine": own_municipality_id,
        "locked_on": locked_on(stage, zone) if stage and is_closed(stage, now, zone) else None,
        "week": None,
    }
    if stage and row.rank and not context["locked_on"]:
        then = board.at(today - _A_WEEK)
        context["week"] = week_of(row.municipality_id, stage.id, today, zone)
        context["changes"] = changes(rows, then)
    return context


def _movement(stage: Stage, board: Board, rows: list[Row], today: date) -> dict[str, Any]:
    return {
        "changes": changes(rows, board.at(today - _A_WEEK)),
        "improved": most_improved(rows, board.at(today - 2 * _A_WEEK)),
        "is_fresh": stage.measure_on > today - 2 * _A_WEEK,
    }


def _stages_to_choose(chosen: Stage | None, today: date) -> list[Stage]:
    """The latest stages that have begun, and the chosen one; latest first."""
    latest = [stage for stage in catalogue().stages if stage.measure_on <= today][-_LATEST_STAGES:]
    return [stage for stage in catalogue().stages[::-1] if stage in latest or stage is chosen]
