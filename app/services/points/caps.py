"""Caps of the points policy: how often one reason may earn a person points in a day and in a week, which begins on a
Monday; both on the programme's clock."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select

from app.extensions import db
from app.models.ledger import PointEntry
from app.services.programme.clock import programme_zone, start_of_day, start_of_week, tomorrow


class Earned(NamedTuple):
    """How often a person has earned for one reason: today, and this week with today."""

    today: int
    this_week: int


NOTHING_YET: Final = Earned(0, 0)


def allows_one_more(rule: Mapping[str, Any], earned: Earned) -> bool:
    """Whether neither cap of the policy's rule for that reason has been reached. A rule without a cap has no end."""
    return not (
        ("daily" in rule and earned.today >= rule["daily"])
        or ("weekly" in rule and earned.this_week >= rule["weekly"])
    )


def times_earned(
    person_ids: Collection[int], reasons: Collection[str], now: datetime
) -> dict[tuple[int, str], Earned]:
    """By person and reason, from the ledger, in one query; (0, 0) for those without an entry. What was taken back still
    counts: a cap is decided when something happens."""
    counts = (
        select(PointEntry.person_id, PointEntry.reason, *today_and_this_week(PointEntry.at, now))
        .where(PointEntry.person_id.in_(person_ids), PointEntry.reason.in_(reasons), PointEntry.points > 0)
        .where(is_this_week(PointEntry.at, now))
        .group_by(PointEntry.person_id, PointEntry.reason)
    )
    rows = db.session.execute(counts)
    return defaultdict(lambda: NOTHING_YET, {(person, reason): Earned(*n) for person, reason, *n in rows})


def today_and_this_week(at: Any, now: datetime) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Two counts of rows, of which those of another week have been left out (`is_this_week`)."""
    of_today = func.sum(case((at >= start_of_day(now, programme_zone()), 1), else_=0))
    return func.coalesce(of_today, 0), func.count()


def is_this_week(at: Any, now: datetime) -> ColumnElement[bool]:
    """Condition: the moment is after the beginning of the week, and not after the present day."""
    zone = programme_zone()
    return and_(at >= start_of_week(now, zone), at < tomorrow(now, zone))
