"""Until when a stage's figures and boards change, where points count after that, and by which policy."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.models.programme import Programme
from app.models.stage import Stage, stages
from app.services.programme.clock import midnight, programme_zone

_BEGUN: Final = select(Stage).where(Stage.opened_at.is_not(None)).order_by(Stage.number)


def closing_time(stage: Stage, zone: ZoneInfo | None = None) -> datetime:
    """From this moment on nothing that happens changes its figures and boards. `zone` is the programme's, where it is
    at hand and need not be read."""
    return stage.closed_at or midnight(stage.end_on, zone or programme_zone())


def is_closed(stage: Stage, now: datetime, zone: ZoneInfo | None = None) -> bool:
    return closing_time(stage, zone) <= now


def locked_on(stage: Stage, zone: ZoneInfo) -> date:
    """The day that was the board's last: it is closed as that day ends, or on it."""
    return (closing_time(stage, zone) - timedelta(microseconds=1)).astimezone(zone).date()


def counting_stage(stage: Stage, now: datetime) -> Stage:
    """Where points count that are earned now by something of that stage: there while its board is open, and then in the
    stage that runs or is the next to begin. Where there is none, still there: they are the person's, and on no board.
    """
    if not is_closed(stage, now):
        return stage
    later = (one for one in stages() if one.number > stage.number and not is_closed(one, now))
    return next(later, stage)


def policy_of(stage: Stage) -> dict[str, Any]:
    """The points policy that holds in that stage; before it begins, the programme's."""
    if stage.points is not None:
        return stage.points
    programme = Programme.current()
    return programme.points if programme else {}


def open_boards(now: datetime) -> list[Stage]:
    """The stages that have begun and are not closed, in order."""
    return [stage for stage in db.session.scalars(_BEGUN) if not is_closed(stage, now)]
