"""The stage's figures, as PRODUCT.md defines them under "The figures, defined".

Four queries for a stage, whatever its size: the same aggregates by focus area, by value × focus area, and by
municipality; and who took part. Everything else is summed up from these. A joint activity counts in each municipality
that takes part, and an activity for two values counts under both, so the parts may add up to more than the total.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, select, union, union_all

from app.extensions import db
from app.models.activity import Activity, CoOwner, also_value
from app.models.concreteness import QUESTIONS
from app.models.contribution import is_hidden, takes_part
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.stage import Phase, Stage
from app.services.points.standings import standings

RATINGS = range(1, 6)

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Figures:
    """The figures of one group. Rates and shares are 0 to 1; None where there is nothing to divide by."""

    planned: int = 0
    carried_out: int = 0
    #: What the completion rate is made of: while the stage runs, only activities whose date has passed.
    due: int = 0
    due_carried_out: int = 0
    concreteness: float | None = None
    ratings: dict[int, int] = field(default_factory=lambda: dict.fromkeys(RATINGS, 0))
    reach: int = 0
    #: People who planned something or joined somebody's plan. None for groups that people do not belong to.
    participants: int | None = None
    #: The larger of the agreed and the registered number of people; never fewer than took part, since some of those may
    #: have left.
    pool: int | None = None

    @property
    def completion_rate(self) -> float | None:
        return self.due_carried_out / self.due if self.due else None

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
        return self.participants / self.pool if self.pool and self.participants is not None else None


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
    """The figures of the stage as they stand on that day of the programme's calendar."""
    so_far = stage.phase(today) != Phase.ENDED
    base = _aggregates(stage, today if so_far else None)
    by_area = _rows(base.add_columns(Activity.focus_area_id), Activity.focus_area_id)
    has_value = _values_of(stage)
    by_value = base.join(has_value, has_value.c.activity_id == Activity.id).add_columns(has_value.c.value_id)
    by_cell = _rows(
        by_value.add_columns(Activity.focus_area_id), has_value.c.value_id, Activity.focus_area_id
    )
    people = _participants(stage)
    pools = {
        row.municipality_id: max(row.divisor, people.get(row.municipality_id, 0))
        for row in standings(stage.id)
    }
    return StageFigures(
        stage=stage,
        so_far=so_far,
        total=_figures(by_area, sum(people.values()), sum(pools.values())),
        municipalities=_by_municipality(base, people, pools),
        values=_figures_by(by_cell, lambda row: row.value_id),
        focus_areas=_figures_by(by_area, lambda row: row.focus_area_id),
        matrix=_figures_by(by_cell, lambda row: (row.value_id, row.focus_area_id)),
    )


def _aggregates(stage: Stage, until: date | None) -> Select[Any]:
    """The aggregates over the activities of the stage, without those that moderation has hidden."""
    due: ColumnElement[bool] = Activity.id.is_not(None) if until is None else Activity.planned_for < until
    sums: list[ColumnElement[Any]] = [
        func.count().label("planned"),
        _count(Outcome.carried_out).label("carried_out"),
        _count(due).label("due"),
        _count(and_(due, Outcome.carried_out)).label("due_carried_out"),
        func.coalesce(func.sum(Activity.concreteness), 0).label("answers"),
        func.coalesce(func.sum(Outcome.reached), 0).label("reach"),
        *(_count(Outcome.rating == rating).label(f"rated_{rating}") for rating in RATINGS),
    ]
    return (
        select(*sums)
        .select_from(Activity)
        .outerjoin(Outcome, Outcome.activity_id == Activity.id)
        .where(*_counts_in(stage))
    )


def _counts_in(stage: Stage) -> tuple[ColumnElement[bool], ...]:
    """Conditions: planned in the stage, and not hidden by moderation (PRODUCT: Completion rate)."""
    return Activity.stage_id == stage.id, ~is_hidden(Activity.id)


def _count(condition: ColumnElement[Any] | Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _values_of(stage: Stage) -> Subquery:
    """Each activity of the stage with each of its values, the main one and the others."""
    here = Activity.stage_id == stage.id
    main = select(Activity.id.label("activity_id"), Activity.value_id).where(here)
    also = select(also_value.c.activity_id, also_value.c.value_id).join(
        Activity, and_(Activity.id == also_value.c.activity_id, Activity.value_id != also_value.c.value_id)
    )
    return union_all(main, also.where(here)).subquery("has_value")


def _rows(query: Select[Any], *groups: ColumnElement[Any] | Any) -> list[Row[Any]]:
    return list(db.session.execute(query.group_by(*groups)))


def _figures_by(rows: list[Row[Any]], key: Callable[[Row[Any]], _Key]) -> dict[_Key, Figures]:
    """The figures of the rows with the same key."""
    groups: dict[_Key, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {key: _figures(group) for key, group in groups.items()}


def _by_municipality(base: Select[Any], people: dict[int, int], pools: dict[int, int]) -> dict[int, Figures]:
    place = takes_part.c.municipality_id
    with_place = base.join(takes_part, takes_part.c.contribution_id == Activity.id).add_columns(place)
    rows = {row.municipality_id: row for row in _rows(with_place, place)}
    return {
        id_: _figures([rows[id_]] if id_ in rows else [], people.get(id_, 0), pool)
        for id_, pool in pools.items()
    }


def _participants(stage: Stage) -> dict[int, int]:
    """Municipality id -> how many of its people did something in the stage."""
    owners = select(Activity.owner_id.label("person_id")).where(*_counts_in(stage))
    partners = (
        select(CoOwner.person_id)
        .join(Activity, Activity.id == CoOwner.activity_id)
        .where(CoOwner.is_partner, *_counts_in(stage))
    )
    doing = union(owners, partners).subquery("doing")
    counts = (
        select(Person.municipality_id, func.count())
        .join(doing, doing.c.person_id == Person.id)
        .group_by(Person.municipality_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counts)}


def _figures(rows: list[Row[Any]], participants: int | None = None, pool: int | None = None) -> Figures:
    """The figures of all the rows together: everything that was read is a sum."""
    planned = sum(row.planned for row in rows)
    answers = sum(row.answers for row in rows)
    return Figures(
        planned=planned,
        carried_out=sum(row.carried_out for row in rows),
        due=sum(row.due for row in rows),
        due_carried_out=sum(row.due_carried_out for row in rows),
        concreteness=answers / planned / len(QUESTIONS) if planned else None,
        ratings={rating: sum(row._mapping[f"rated_{rating}"] for row in rows) for rating in RATINGS},
        reach=sum(row.reach for row in rows),
        participants=participants,
        pool=pool,
    )
