"""The leaderboard: municipalities by points for each of their people, from the rows of the boards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import lcm
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from app.extensions import db
from app.models.board import DayTotal, MunicipalityTotal
from app.models.programme import Municipality, Programme

#: How many colours the map has, from pale to warm.
LEVELS = 5

_PLACE_COLUMNS = (
    Municipality.id,
    Municipality.slug,
    Municipality.name,
    Municipality.tile_row,
    Municipality.tile_column,
    Municipality.pool,
)
_TOTAL_COLUMNS = (
    MunicipalityTotal.points,
    MunicipalityTotal.active,
    MunicipalityTotal.members,
    MunicipalityTotal.pool.label("pool_then"),
)
#: 1 before a programme is loaded.
_SMALLEST = func.coalesce(select(Programme.smallest_ranked).scalar_subquery(), 1)


def _boards(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A row for each municipality and each of its boards of which that is true; one without them where it has none."""
    its_own = and_(MunicipalityTotal.municipality_id == Municipality.id, *conditions)
    return (
        select(*_PLACE_COLUMNS, *_TOTAL_COLUMNS, _SMALLEST)
        .select_from(Municipality)
        .outerjoin(MunicipalityTotal, its_own)
        .order_by(Municipality.position, MunicipalityTotal.stage_id)
    )


_ALL_BOARDS = _boards()
_BOARD = _boards(MunicipalityTotal.stage_id == bindparam("stage_id"))
_EARNED_LATER = (
    select(DayTotal.municipality_id, func.sum(DayTotal.points))
    .where(DayTotal.stage_id == bindparam("stage_id"), DayTotal.day > bindparam("day"))
    .group_by(DayTotal.municipality_id)
)


class _Line(NamedTuple):
    """A row of the boards: a municipality, and what it has on one of them, if anything."""

    id: int
    slug: str
    name: str
    tile_row: int
    tile_column: int
    pool: int
    points: int | None
    active: int
    members: int
    pool_then: int | None
    #: So many must have done something for a rank: the programme's, in every row.
    smallest: int

    @property
    def divisor(self) -> int:
        return self.pool if self.points is None else max(self.pool_then or self.pool, self.members)


class Row(NamedTuple):
    """A municipality's place. Those with the same score share a `rank`, and `tied` is true for them. Where so few did
    something that one could tell who, it is shown without a rank (PRODUCT: a fair board)."""

    municipality_id: int
    slug: str
    name: str
    tile_row: int
    tile_column: int
    points: int
    #: What the points are divided by; in total, in the latest stage.
    divisor: int
    #: People who did something in the stage; in total, in the stage where they were most.
    active: int
    #: Points ÷ divisor; in total, the sum of the stages' scores.
    score: float
    rank: int | None
    tied: bool
    #: 1–5, the quintile of its score among all; 1 while it has no points.
    level: int

    @property
    def leads(self) -> bool:
        return self.rank == 1 and self.points > 0


@dataclass(slots=True)
class _Sum:
    """What a municipality has on the boards that are looked at."""

    place: _Line
    divisor: int
    points: int = 0
    active: int = 0
    #: In the smallest parts that the divisors have in common, so that scores are compared exactly, and fast.
    parts: int = 0


_PARTS = attrgetter("parts")


class Board:
    """The board of a stage, or all of them together when None, read once: as it is, and as it was."""

    def __init__(self, stage_id: int | None) -> None:
        self._stage_id = stage_id
        boards = _ALL_BOARDS if stage_id is None else _BOARD
        rows = db.session.connection().execute(boards, {"stage_id": stage_id})
        self._lines = [_Line._make(row) for row in rows]
        #: With fewer active people a municipality has no rank.
        self.smallest = self._lines[0].smallest if self._lines else 1

    def now(self) -> list[Row]:
        """All municipalities; best first, ties by name, those without a rank last."""
        return self._ranked({})

    def at(self, day: date) -> list[Row]:
        """The same of a stage as it stood at the end of that day of the programme's calendar, with people as they are
        now."""
        parameters = {"stage_id": self._stage_id, "day": day}
        later = db.session.connection().execute(_EARNED_LATER, parameters)
        return self._ranked(dict(later.all()))

    def _ranked(self, earned_later: Mapping[int, int]) -> list[Row]:
        parts = lcm(*(line.divisor for line in self._lines))
        sums = _sums(self._lines, earned_later, parts)
        rows: list[Row] = []
        rank, below = 1, len(sums)
        for score, group in groupby(sorted(sums, key=_PARTS, reverse=True), _PARTS):
            alike = list(group)
            below -= len(alike)
            level = 1 + below * LEVELS // len(sums) if score else 1
            as_many = sum(one.active >= self.smallest for one in alike)
            rows += [
                _row(one, score / parts, rank if one.active >= self.smallest else None, as_many > 1, level)
                for one in alike
            ]
            rank += as_many
        return sorted(rows, key=lambda row: (row.rank or len(rows) + 1, -row.score, row.name))


def standings(stage_id: int | None) -> list[Row]:
    """As it is now."""
    return Board(stage_id).now()


def chasing(rows: list[Row]) -> list[Row]:
    """Those right behind a sole leader."""
    behind = [row for row in rows if row.points and row.rank and row.rank > 1]
    return [row for row in behind if row.rank == behind[0].rank]


def rises(now: list[Row], before: list[Row]) -> dict[int, int]:
    """How many places each municipality has risen (or, negative, fallen) since then.

    Only for those that are ranked and had points both then and now: a place without points says nothing.
    """
    earlier = {row.municipality_id: row.rank for row in before if row.points and row.rank}
    return {
        row.municipality_id: earlier[row.municipality_id] - row.rank
        for row in now
        if row.points and row.rank and row.municipality_id in earlier
    }


def _sums(lines: list[_Line], earned_later: Mapping[int, int], parts: int) -> list[_Sum]:
    """Of each municipality. A whole point is so many parts."""
    sums: dict[int, _Sum] = {}
    for line in lines:
        divisor = line.divisor
        here = sums.get(line.id) or sums.setdefault(line.id, _Sum(line, divisor))
        if line.points is not None:
            points = line.points - earned_later.get(line.id, 0)
            here.divisor = divisor
            here.points += points
            here.active = max(here.active, line.active)
            here.parts += points * (parts // divisor)
    return list(sums.values())


def _row(one: _Sum, score: float, rank: int | None, tied: bool, level: int) -> Row:
    place = one.place
    return Row(
        place.id,
        place.slug,
        place.name,
        place.tile_row,
        place.tile_column,
        one.points,
        one.divisor,
        one.active,
        score,
        rank,
        tied=tied and rank is not None,
        level=level,
    )
