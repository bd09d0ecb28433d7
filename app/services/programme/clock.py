"""Days on the programme's clock: which one it is and when it begins. All its people share one calendar."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app import clock
from app.models.programme import Programme

#: Before a programme is loaded.
_DEFAULT: Final = "Europe/Stockholm"


def programme_zone() -> ZoneInfo:
    programme = Programme.current()
    return ZoneInfo(programme.timezone if programme else _DEFAULT)


def local_today(now: datetime) -> date:
    return clock.local_date(now, programme_zone().key)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """00.00 of that day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def start_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """00.00 of the present day, in UTC."""
    return midnight(now.astimezone(zone).date(), zone)


def start_of_week(now: datetime, zone: ZoneInfo) -> datetime:
    """00.00 of the last Monday, which may be the present day, in UTC."""
    day = now.astimezone(zone).date()
    return midnight(day - timedelta(days=day.weekday()), zone)


def tomorrow(now: datetime, zone: ZoneInfo) -> datetime:
    """00.00 of the next day, in UTC."""
    return midnight(now.astimezone(zone).date() + timedelta(days=1), zone)
