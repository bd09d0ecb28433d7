"""When somebody may be disturbed: their own hours, in local time (PRODUCT: Nobody is disturbed at dinner)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.services.programme.clock import midnight

_WEEK = 7
_SATURDAY = 5


@dataclass(frozen=True)
class Hours:
    """A person's hours. If `until` is before `start` they last past midnight; if both are the same, the whole day."""

    start: time
    until: time
    weekends: bool


def next_moment(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime:
    """The earliest moment from `now` on that lies within the hours, in UTC.

    Each day's hours are built in local time and then converted to UTC, so they are right on the days when the clock is
    put forward or back.
    """
    today = now.astimezone(zone).date()
    # From yesterday, whose hours may last past midnight, to a week ahead, which has days outside the weekend.
    for offset in range(-1, _WEEK + 1):
        start, end = _window(hours, today + timedelta(days=offset), zone)
        open_that_day = hours.weekends or (today + timedelta(days=offset)).weekday() < _SATURDAY
        if open_that_day and now < end:
            return max(start, now)
    return now


def _window(hours: Hours, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    next_day = day + timedelta(days=1)
    if hours.start == hours.until:
        return midnight(day, zone), midnight(next_day, zone)
    last_day = next_day if hours.until < hours.start else day
    return _utc(day, hours.start, zone), _utc(last_day, hours.until, zone)


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
