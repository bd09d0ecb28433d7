"""To which days a plan may be moved by one tap: those that still lie within its stage's acting."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.models.activity import Activity
from app.services.programme.clock import local_today

_WEEK = timedelta(days=7)
_A_DAY = timedelta(days=1)
_SATURDAY = 5


class When(StrEnum):
    """How a day is called from where one stands."""

    IN_A_WEEK = "in_a_week"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"
    LAST_DAY = "last_day"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class DayToMoveTo:
    day: date
    when: When


@dataclass(frozen=True)
class DaysLeft:
    """From tomorrow to the last day of acting; empty when that has been."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __bool__(self) -> bool:
        return self.first <= self.last


def days_left(activity: Activity, now: datetime) -> DaysLeft:
    return DaysLeft(local_today(now) + _A_DAY, activity.stage.learn_on - _A_DAY)


def week_on(activity: Activity, day: date, now: datetime) -> date | None:
    """A week after the day that it was planned for, or as near to that as is left; None when nothing is."""
    left = days_left(activity, now)
    if not left:
        return None
    if day + _WEEK > left.last:
        return _last_workday(left)
    return max(day + _WEEK, left.first)


def days_to_move_to(activity: Activity, day: date, moved_to: date, now: datetime) -> list[DayToMoveTo]:
    """What is offered: first where it has been moved to, then tomorrow, next Monday, a week on, and the last day; none
    twice, and no weekend that nobody has chosen."""
    left, today = days_left(activity, now), local_today(now)
    named: dict[date, When] = {}
    for one, when in (
        (today + _A_DAY, When.TOMORROW),
        (today + timedelta(days=_WEEK.days - today.weekday()), When.NEXT_WEEK),
        (day + _WEEK, When.IN_A_WEEK),
        (_last_workday(left), When.LAST_DAY),
    ):
        named.setdefault(one, when)
    others = [
        DayToMoveTo(one, when)
        for one, when in named.items()
        if one in left and one != moved_to and one.weekday() < _SATURDAY
    ]
    return [DayToMoveTo(moved_to, named.get(moved_to, When.CHOSEN)), *others]


def _last_workday(left: DaysLeft) -> date:
    """The last one before the weekend, unless only the weekend is left."""
    workday = left.last - timedelta(days=max(left.last.weekday() - _SATURDAY + 1, 0))
    return workday if workday in left else left.last
