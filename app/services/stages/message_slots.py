"""When a lead's own message may go out: on weekdays, at the two usual slots, on the programme's clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from app.models.person import USUAL_SLOTS

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
#: Nobody plans messages for later than this.
FURTHEST: Final = timedelta(days=180)


def next_slots(now: datetime, zone: ZoneInfo, count: int) -> list[datetime]:
    """The first ones after now, in UTC."""
    return list(islice(_slots_after(now, zone), count))


def slot_at(day: date, slot: time, zone: ZoneInfo) -> datetime:
    """In UTC."""
    return datetime.combine(day, slot, zone).astimezone(UTC)


def is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY


def _slots_after(now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    day = now.astimezone(zone).date()
    while True:
        if is_weekday(day):
            yield from (at for slot in USUAL_SLOTS if (at := slot_at(day, slot, zone)) > now)
        day += _DAY
