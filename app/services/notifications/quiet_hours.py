"""When somebody may be disturbed: their own hours, in local time (PRODUCT: Nobody is disturbed at dinner)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from app.models.person import Person
from app.services.programme.clock import midnight

_WEEK = 7
_SATURDAY = 5


@dataclass(frozen=True)
class Hours:
    """A person's hours. If `until` is before `start` they last past midnight; if both are the same, the whole day.

    What nobody has asked of the person waits for one of the two `slots` of a day.
    """

    start: time
    until: time
    weekends: bool
    slots: tuple[time, time]

    @property
    def last_past_midnight(self) -> bool:
        return self.until < self.start


#: What `hours_of` reads of a person.
HOURS_COLUMNS: Final = (
    Person.push_from,
    Person.push_until,
    Person.push_weekends,
    Person.first_slot,
    Person.second_slot,
)


def hours_of(row: Any) -> Hours:
    """The hours of a person, or of a row with `HOURS_COLUMNS`."""
    return Hours(row.push_from, row.push_until, row.push_weekends, (row.first_slot, row.second_slot))


def next_moment(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime:
    """The earliest moment from `now` on that lies within the hours, in UTC."""
    return next((max(start, now) for _day, start, end in _windows(hours, now, zone) if now < end), now)


def next_slot(hours: Hours, now: datetime, zone: ZoneInfo) -> datetime:
    """The earliest slot from `now` on, in UTC. A slot that comes before the hours of its day is their beginning, and so
    is the only one of a day both of whose slots come after them."""
    moments = (
        moment
        for day, start, end in _windows(hours, now, zone)
        for moment in _slots_between(hours, day, start, end, zone)
    )
    return next((moment for moment in moments if moment >= now), now)


class DaysSlot(NamedTuple):
    """A day on which the person may be disturbed, and the first slot of its hours."""

    day: date
    at: datetime


def todays_first_slot(hours: Hours, now: datetime, zone: ZoneInfo) -> DaysSlot | None:
    """The first slot of the hours that `now` lies in; None outside of them, and until it has come."""
    for day, start, end in _windows(hours, now, zone):
        if start <= now < end:
            at = _slots_between(hours, day, start, end, zone)[0]
            return DaysSlot(day, at) if at <= now else None
    return None


def _windows(hours: Hours, now: datetime, zone: ZoneInfo) -> Iterator[tuple[date, datetime, datetime]]:
    """The days on which the person may be disturbed, with when that begins and ends.

    Each day's hours are built in local time and then converted to UTC, so they are right on the days when the clock is
    put forward or back.
    """
    today = now.astimezone(zone).date()
    # From yesterday, whose hours may last past midnight, to a week ahead, which has days outside the weekend.
    for day in (today + timedelta(days=offset) for offset in range(-1, _WEEK + 1)):
        if hours.weekends or day.weekday() < _SATURDAY:
            yield day, *_window(hours, day, zone)


def _window(hours: Hours, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    next_day = day + timedelta(days=1)
    if hours.start == hours.until:
        return midnight(day, zone), midnight(next_day, zone)
    return _utc(day, hours.start, zone), _utc(
        next_day if hours.last_past_midnight else day, hours.until, zone
    )


def _slots_between(hours: Hours, day: date, start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    past_midnight = [hours.last_past_midnight and slot < hours.until for slot in hours.slots]
    moments = {
        max(_utc(day + timedelta(days=is_late), slot, zone), start)
        for slot, is_late in zip(hours.slots, past_midnight, strict=True)
    }
    return sorted(moment for moment in moments if moment < end) or [start]


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
