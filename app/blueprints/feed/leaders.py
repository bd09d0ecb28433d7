"""The three that lead, beside the feed on wide screens."""

from datetime import date
from time import monotonic

from flask import current_app

from app.services.points.standings import Row, standings
from app.web.catalogue import catalogue

_SHOWN = 3


def leaders(today: date) -> tuple[Row, ...]:
    """The best of the current stage that have points. Kept for a few seconds, as the catalogue is: a glance, while the
    leaderboard itself is always exact."""
    stage = catalogue().current_stage(today)
    if stage is None:
        return ()
    until, stage_id, rows = current_app.extensions.get("feed_leaders") or (0.0, 0, ())
    if stage_id != stage.id or monotonic() >= until:
        rows = [row for row in standings(stage.id) if row.points][:_SHOWN]
        until = monotonic() + current_app.config.get("CATALOGUE_SECONDS", 5)
        current_app.extensions["feed_leaders"] = (until, stage.id, rows)
    return tuple(rows)
