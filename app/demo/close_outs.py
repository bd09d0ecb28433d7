"""What Karin had planned for yesterday, so that she is asked today how it went."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import clock
from app.demo.scene import Scene
from app.models.person import Person
from app.services.activities.plan import move_activity
from app.services.activities.visibility import whole_activity


def have_planned_for_yesterday(karin: Person, scenes: list[Scene], now: datetime, zone: str) -> None:
    """The latest of hers that nobody has reported becomes yesterday's."""
    today = clock.local_date(now, zone)
    hers = [scene for scene in scenes if scene.owner is karin and scene.activity and not scene.reported_at]
    latest = max(hers, key=lambda scene: scene.planned_at, default=None)
    activity = whole_activity(latest.activity.id) if latest and latest.activity else None
    if activity is None or not activity.is_open:
        return
    morning = min(datetime.combine(today, time(8), ZoneInfo(zone)).astimezone(UTC), now)
    move_activity(activity, today - timedelta(days=1), time(14, 30), by=karin, now=morning)
