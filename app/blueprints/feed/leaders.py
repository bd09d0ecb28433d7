"""The three leading municipalities, shown beside the feed on wide screens."""

from app.models.stage import Stage
from app.services.points.standings import Row, standings
from app.web.cache import Cache

_SHOWN = 3
_LEADERS: Cache[tuple[Row, ...]] = Cache("leaders", key="stage", changed_by="whoever earns points", at_most=4)


def leaders(stage: Stage | None) -> tuple[Row, ...]:
    """The best of those that have points in the stage. May be some seconds old, unlike the leaderboard's page."""
    return _LEADERS.get(stage.id, lambda: _best(stage.id)) if stage else ()


def _best(stage_id: int) -> tuple[Row, ...]:
    return tuple([row for row in standings(stage_id) if row.points and row.rank][:_SHOWN])
