"""What has moved on a board since an earlier day: who passed whom, who came furthest, and where most people are in.

Only municipalities that are ranked are told about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.services.points.standings import Row, rises

_MOST_IMPROVED = 3
_MOST_IN = 5


@dataclass(frozen=True)
class Change:
    """How a municipality's place has changed since then."""

    #: Places that it has risen, or, negative, fallen.
    rise: int
    #: Ahead of it then, and behind it now; best first.
    passed: tuple[Row, ...]
    #: Ahead of it then, and level with it now.
    caught_up_with: tuple[Row, ...]
    #: Not ahead of it then, and ahead now; best first.
    passed_by: tuple[Row, ...]
    #: By how much it is ahead of the nearest one that it passed.
    gap: float
    #: Points that have been taken back from it, on balance.
    lost_points: int


@dataclass(frozen=True)
class Improvement:
    name: str
    before: float
    after: float

    @property
    def gain(self) -> float:
        return self.after - self.before


def changes(now: Sequence[Row], then: Sequence[Row]) -> dict[int, Change]:
    """By municipality; of those whose place could be compared (see `rises`)."""
    earlier = {row.municipality_id: row for row in then}
    risen = rises(list(now), list(then))
    ranked = [row for row in now if row.rank]
    return {
        row.municipality_id: _change(row, earlier, ranked, risen[row.municipality_id])
        for row in ranked
        if row.municipality_id in risen
    }


def _change(row: Row, earlier: dict[int, Row], ranked: list[Row], rise: int) -> Change:
    then = earlier[row.municipality_id]

    def others(is_meant: Callable[[Row, Row], bool]) -> tuple[Row, ...]:
        return tuple(other for other in ranked if is_meant(other, earlier[other.municipality_id]))

    passed = others(lambda other, before: before.score > then.score and other.score < row.score)
    return Change(
        rise,
        passed,
        others(lambda other, before: before.score > then.score and other.score == row.score),
        others(lambda other, before: before.score <= then.score and other.score > row.score),
        gap=row.score - passed[0].score if passed else 0.0,
        lost_points=max(then.points - row.points, 0),
    )


def most_improved(now: Sequence[Row], then: Sequence[Row]) -> list[Improvement]:
    """Those whose score has grown most, three of them, and more where they are level with the third."""
    earlier = {row.municipality_id: row.score for row in then}
    grown = [
        Improvement(row.name, before, row.score)
        for row in now
        if row.rank and row.score > (before := earlier[row.municipality_id])
    ]
    grown.sort(key=lambda one: (-one.gain, one.name))
    return [one for one in grown if one.gain >= grown[:_MOST_IMPROVED][-1].gain]


def best_attended(rows: Sequence[Row]) -> list[Row]:
    """Where the largest shares of the people have done something, at most five."""
    attended = [row for row in rows if row.rank and row.active]
    return sorted(attended, key=lambda row: (-row.active / row.divisor, row.name))[:_MOST_IN]
