"""The stage's figures, as docs/product.md defines them, read from its running sums.

A constant number of rows and queries, whatever has happened: the sums of each group, the plans by day that wait for
their report, and the board. A joint activity counts in each municipality that takes part, and an activity for two
values counts under both, so the parts may add up to more than the total.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from sqlalchemy import bindparam, func, select, true

from app.extensions import db
from app.models.concreteness import QUESTIONS
from app.models.programme import FocusArea, Value
from app.models.stage import Phase, Stage
from app.models.stage_figure import RATINGS, StageFigure, UnreportedPlans
from app.services.points.standings import standings
from app.services.sums.shares import ALL, area_scope, cell_scope, municipality_scope, value_scope

_Key = TypeVar("_Key")

_FIGURES: Final = select(
    StageFigure.scope,
    StageFigure.planned,
    StageFigure.carried_out,
    StageFigure.reported,
    StageFigure.answers,
    StageFigure.reach,
    *(getattr(StageFigure, f"rated_{rating}") for rating in RATINGS),
).where(StageFigure.stage_id == bindparam("stage_id"), StageFigure.planned != 0)
_OVERDUE: Final = (
    select(UnreportedPlans.scope, func.sum(UnreportedPlans.plans))
    .where(UnreportedPlans.stage_id == bindparam("stage_id"), UnreportedPlans.day < bindparam("today"))
    .group_by(UnreportedPlans.scope)
)
#: Every value in every focus area, in the programme's order.
_CELLS: Final = (
    select(Value.id, FocusArea.id)
    .select_from(Value)
    .join(FocusArea, true())
    .order_by(Value.position, FocusArea.position)
)


@dataclass(frozen=True)
class Figures:
    """The figures of one group. Rates and shares are 0 to 1; None where there is nothing to divide by."""

    planned: int = 0
    carried_out: int = 0
    #: What the completion rate divides by: while the stage runs, only what is reported or whose date has passed.
    due: int = 0
    concreteness: float | None = None
    ratings: dict[int, int] = field(default_factory=lambda: dict.fromkeys(RATINGS, 0))
    reach: int = 0
    #: People who planned something or joined somebody's plan. None for groups that people do not belong to.
    participants: int | None = None
    #: What the board divides by: the agreed number of people, or of those who had joined before where they are more.
    pool: int | None = None

    @property
    def completion_rate(self) -> float | None:
        return self.carried_out / self.due if self.due else None

    @property
    def rated(self) -> int:
        return sum(self.ratings.values())

    @property
    def top_share(self) -> float | None:
        return self.ratings[5] / self.rated if self.rated else None

    @property
    def mean_rating(self) -> float | None:
        return sum(rating * n for rating, n in self.ratings.items()) / self.rated if self.rated else None

    @property
    def participation(self) -> float | None:
        """At most all, also where newcomers of the stage are more than those whom it is divided by."""
        return min(self.participants / self.pool, 1) if self.pool and self.participants is not None else None


@dataclass(frozen=True)
class StageFigures:
    """All figures of a stage; groups by id."""

    stage: Stage
    #: Whether the stage still runs, so that the completion rate is "so far".
    so_far: bool
    total: Figures
    municipalities: dict[int, Figures]
    values: dict[int, Figures]
    focus_areas: dict[int, Figures]
    #: (value id, focus area id) -> figures; only cells with something in them.
    matrix: dict[tuple[int, int], Figures]


def stage_figures(stage: Stage, today: date) -> StageFigures:
    """The figures of the stage as they stand on that day of the programme's calendar; when it has ended, as they stood
    then."""
    sums = _Sums(stage, today)
    board = standings(stage.id)
    cells = [(value_id, area_id) for value_id, area_id in db.session.connection().execute(_CELLS)]
    value_ids, area_ids = (dict.fromkeys(cell[part] for cell in cells) for part in (0, 1))
    return StageFigures(
        stage=stage,
        so_far=sums.so_far,
        total=sums.of(ALL, sum(row.active for row in board), sum(row.divisor for row in board)),
        municipalities={
            row.municipality_id: sums.of(municipality_scope(row.municipality_id), row.active, row.divisor)
            for row in board
        },
        values=sums.by(value_ids, value_scope),
        focus_areas=sums.by(area_ids, area_scope),
        matrix=sums.by(cells, lambda cell: cell_scope(*cell)),
    )


class _Sums:
    """The running sums of a stage's groups, by scope."""

    def __init__(self, stage: Stage, today: date) -> None:
        self.so_far = stage.phase(today) != Phase.ENDED
        rows = db.session.connection().execute(_FIGURES, {"stage_id": stage.id})
        self._rows: dict[str, list[int]] = {scope: sums for scope, *sums in rows}
        self._overdue = _overdue(stage, today) if self.so_far else {}

    def of(self, scope: str, participants: int | None = None, pool: int | None = None) -> Figures:
        row = self._rows.get(scope)
        if row is None:
            return Figures(participants=participants, pool=pool)
        planned, carried_out, reported, answers, reach, *rated = row
        return Figures(
            planned=planned,
            carried_out=carried_out,
            due=reported + self._overdue.get(scope, 0) if self.so_far else planned,
            concreteness=answers / planned / len(QUESTIONS),
            ratings=dict(zip(RATINGS, rated, strict=True)),
            reach=reach,
            participants=participants,
            pool=pool,
        )

    def by(self, keys: Iterable[_Key], scope: Callable[[_Key], str]) -> dict[_Key, Figures]:
        """Of those groups that have something in them."""
        return {key: self.of(its_scope) for key in keys if (its_scope := scope(key)) in self._rows}


def _overdue(stage: Stage, today: date) -> dict[str, int]:
    """How many plans of each group should have been reported: their day has passed."""
    parameters = {"stage_id": stage.id, "today": today}
    return dict(db.session.connection().execute(_OVERDUE, parameters).all())
