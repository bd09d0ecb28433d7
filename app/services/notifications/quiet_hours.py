"""When somebody may be disturbed: their own hours, on the programme's clock (PRODUCT: disturbed at dinner)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.services.programme.clock import midnight

_WEEK = 7
_SATURDAY = 5


@dataclass(frozen=True)
class Hours:
    """A person's hours. `until` before `start` means past midnight; both the same means the whole calendar day."""

    start: time
    until: time
    weekends: bool


def next_moment(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime:
    """The earliest moment from `now` on that lies within the hours, in UTC.

    Each day's hours are made on that day's calendar and only then turned into UTC, so they hold on the days when the
    clock is put forward or back.
    """
    today = now.astimezone(zone).date()
    # From yesterday, whose hours may last past midnight, to a week on: some day of a week is no weekend.
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
