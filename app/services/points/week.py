"""What a municipality's points of the last seven days came from, and how many came week by week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select

from app.extensions import db
from app.models.board import DayTotal
from app.models.contribution import is_visible
from app.models.ledger import PointEntry
from app.services.points.history import title_and_path, with_titles
from app.services.programme.clock import midnight

_SHOWN = 4
#: Entries. A week may have any number of them; this is what is looked through, newest first.
_LOOKED_THROUGH = 1000
_WEEKS = 8


class Brought(NamedTuple):
    """Points that came from one thing, which everybody may see."""

    title: str
    path: str
    points: int


@dataclass(frozen=True)
class Week:
    #: What brought most, first.
    brought: list[Brought]
    #: The rest of the week's points: from less, or from what is not shown any more. Negative when more was taken back.
    other: int
    #: Points in each of the last eight weeks, oldest first; the last one is this.
    by_week: list[int]

    @property
    def points(self) -> int:
        return self.by_week[-1]


def _most_of(latest: Select[int | None, int]) -> Select[*tuple[object, ...]]:
    entries = latest.subquery("latest")
    points = func.sum(entries.c.points).label("points")
    sums = (
        select(entries.c.contribution_id, points)
        .where(entries.c.contribution_id.is_not(None))
        .group_by(entries.c.contribution_id)
        .having(points > 0)
        .subquery("sums")
    )
    query = select(sums.c.contribution_id, sums.c.points).where(is_visible(sums.c.contribution_id))
    return (
        with_titles(query, sums.c.contribution_id)
        .order_by(sums.c.points.desc(), sums.c.contribution_id.desc())
        .limit(_SHOWN)
    )


_MOST_BROUGHT = _most_of(
    select(PointEntry.contribution_id, PointEntry.points)
    .where(PointEntry.municipality_id == bindparam("municipality_id"))
    .where(PointEntry.stage_id == bindparam("stage_id"), PointEntry.at >= bindparam("since"))
    .order_by(PointEntry.at.desc())
    .limit(_LOOKED_THROUGH)
)
_DAYS = (
    select(DayTotal.day, DayTotal.points)
    .where(DayTotal.stage_id == bindparam("stage_id"), DayTotal.day >= bindparam("first"))
    .where(DayTotal.municipality_id == bindparam("municipality_id"))
)


def week_of(municipality_id: int, stage_id: int, today: date, zone: ZoneInfo) -> Week:
    """On the stage's board, the seven days of the programme's calendar that end with today. The cost does not depend on
    how much there is."""
    by_week = _by_week(municipality_id, stage_id, today)
    since = midnight(today - timedelta(days=6), zone)
    parameters = {"municipality_id": municipality_id, "stage_id": stage_id, "since": since}
    brought = [
        Brought(*title_and_path(row), row.points)  # type: ignore[arg-type]
        for row in db.session.connection().execute(_MOST_BROUGHT, parameters)
    ]
    return Week(brought, by_week[-1] - sum(one.points for one in brought), by_week)


def _by_week(municipality_id: int, stage_id: int, today: date) -> list[int]:
    first = today - timedelta(days=7 * _WEEKS - 1)
    parameters = {"municipality_id": municipality_id, "stage_id": stage_id, "first": first}
    sums = [0] * _WEEKS
    for day, points in db.session.connection().execute(_DAYS, parameters):
        sums[min((day - first).days // 7, _WEEKS - 1)] += points
    return sums
