"""Nobody is disturbed at dinner, also not on the days when the clock is changed."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.services.notifications.quiet_hours import Hours, next_moment, next_slot
from app.services.programme.clock import start_of_day, tomorrow

ZONE = ZoneInfo("Europe/Stockholm")
SLOTS = (time(8, 30), time(13, 30))
OFFICE = Hours(time(7), time(18), False, SLOTS)
NIGHT = Hours(time(21), time(5), True, SLOTS)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (OFFICE, "2026-11-10 10:00", "2026-11-10 10:00"),
        (OFFICE, "2026-11-10 05:00", "2026-11-10 07:00"),
        (OFFICE, "2026-11-10 18:00", "2026-11-11 07:00"),
        (OFFICE, "2026-11-13 19:00", "2026-11-16 07:00"),
        (OFFICE, "2026-11-14 12:00", "2026-11-16 07:00"),
        (Hours(time(7), time(18), True, SLOTS), "2026-11-14 12:00", "2026-11-14 12:00"),
        (NIGHT, "2026-11-10 23:30", "2026-11-10 23:30"),
        (NIGHT, "2026-11-11 04:00", "2026-11-11 04:00"),
        (NIGHT, "2026-11-11 05:00", "2026-11-11 21:00"),
        (Hours(time(7), time(7), True, SLOTS), "2026-11-11 03:00", "2026-11-11 03:00"),
        (Hours(time(7), time(7), False, SLOTS), "2026-11-13 23:59", "2026-11-13 23:59"),
        (Hours(time(7), time(7), False, SLOTS), "2026-11-14 03:00", "2026-11-16 00:00"),
    ],
)
def test_the_next_moment_lies_within_the_persons_hours(hours: Hours, now: str, expected: str) -> None:
    assert next_moment(hours, local(now), ZONE) == local(expected)


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (OFFICE, "2026-11-10 05:00", "2026-11-10 08:30"),
        (OFFICE, "2026-11-10 08:30", "2026-11-10 08:30"),
        (OFFICE, "2026-11-10 08:31", "2026-11-10 13:30"),
        (OFFICE, "2026-11-10 13:31", "2026-11-11 08:30"),
        (OFFICE, "2026-11-13 13:31", "2026-11-16 08:30"),
        # The clock was put back in the night to Sunday, and is put forward in the night to another one.
        (Hours(time(7), time(18), True, SLOTS), "2026-10-24 20:00", "2026-10-25 08:30"),
        (Hours(time(7), time(18), True, SLOTS), "2027-03-27 20:00", "2027-03-28 08:30"),
        # Slots before the person's hours are their beginning, and slots after them fall away.
        (Hours(time(10), time(18), False, SLOTS), "2026-11-10 05:00", "2026-11-10 10:00"),
        (Hours(time(14), time(22), False, SLOTS), "2026-11-10 05:00", "2026-11-10 14:00"),
        (Hours(time(14), time(22), False, SLOTS), "2026-11-10 14:01", "2026-11-11 14:00"),
        (Hours(time(7), time(12), False, SLOTS), "2026-11-10 09:00", "2026-11-11 08:30"),
        (Hours(time(5), time(7), False, SLOTS), "2026-11-10 09:00", "2026-11-11 05:00"),
        (NIGHT, "2026-11-10 23:30", "2026-11-11 21:00"),
        (Hours(time(21), time(5), True, (time(22), time(2))), "2026-11-10 23:30", "2026-11-11 02:00"),
        (Hours(time(7), time(7), True, SLOTS), "2026-11-11 03:00", "2026-11-11 08:30"),
        (Hours(time(7), time(18), False, (time(9), time(9))), "2026-11-11 09:01", "2026-11-12 09:00"),
    ],
)
def test_the_next_slot_lies_within_the_persons_hours(hours: Hours, now: str, expected: str) -> None:
    assert next_slot(hours, local(now), ZONE) == local(expected)


def test_seven_stays_seven_when_the_clock_is_put_back() -> None:
    # On 25 October 2026 the clock goes back: Friday 18.00 is +02:00, Monday 07.00 is +01:00.
    friday = datetime(2026, 10, 23, 17, 0, tzinfo=UTC)
    assert next_moment(OFFICE, friday, ZONE) == datetime(2026, 10, 26, 6, 0, tzinfo=UTC)


def test_seven_stays_seven_when_the_clock_is_put_forward() -> None:
    # On 29 March 2026 the clock goes forward: Friday is +01:00, Monday 07.00 is +02:00.
    friday = datetime(2026, 3, 27, 18, 0, tzinfo=UTC)
    assert next_moment(OFFICE, friday, ZONE) == datetime(2026, 3, 30, 5, 0, tzinfo=UTC)


def test_an_hour_that_does_not_exist_still_has_a_moment() -> None:
    early = Hours(time(2, 30), time(6), True, SLOTS)
    now = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert next_moment(early, now, ZONE) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_days_begin_at_midnight_of_the_programme() -> None:
    now = local("2026-10-25 12:00")
    assert start_of_day(now, ZONE) == datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert tomorrow(now, ZONE) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
