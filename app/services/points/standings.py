"""The leaderboard: municipalities by points for each of their people, from one query over the running totals."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select

from app.extensions import db
from app.models.ledger import MunicipalityTotal, PersonTotal
from app.models.person import Person
from app.models.programme import Municipality

#: How many colours the map has, from pale to warm.
LEVELS = 5


@dataclass(frozen=True)
class Row:
    """A municipality's place. Those with the same score share a `rank`, and `tied` is true for them."""

    municipality_id: int
    slug: str
    name: str
    tile_row: int
    tile_column: int
    registered: int
    #: What the points are divided by: max(registered, pool).
    divisor: int
    points: int
    rank: int
    tied: bool
    #: 1–5, the quintile of its score among all; 1 while it has no points.
    level: int

    @property
    def score(self) -> float:
        return self.points / self.divisor


@dataclass(frozen=True)
class RankedPerson:
    """Somebody who wants to be shown in a ranking of individuals."""

    name: str
    municipality_id: int
    points: int
    rank: int


def standings(stage_id: int | None) -> list[Row]:
    """All municipalities in a stage, or in total when None; best first, ties by name.

    Scores are compared exactly, not as the page rounds them.
    """
    totals = db.session.execute(_totals(stage_id)).all()
    scores = [total.points / max(total.registered, total.pool) for total in totals]
    ranked = sorted(zip(totals, scores, strict=True), key=lambda pair: (-pair[1], pair[0].name))
    return [
        Row(
            total.id,
            total.slug,
            total.name,
            total.tile_row,
            total.tile_column,
            total.registered,
            max(total.registered, total.pool),
            total.points,
            rank=1 + sum(other > score for other in scores),
            tied=scores.count(score) > 1,
            level=_level(score, scores),
        )
        for total, score in ranked
    ]


def people_who_want_to_be_seen(stage_id: int | None, limit: int = 10) -> list[RankedPerson]:
    """The best of those who have opted in and not left; ties share a rank and are sorted by name."""
    points = func.sum(PersonTotal.points)
    query = (
        select(Person.name, Person.municipality_id, points.label("points"))
        .join(PersonTotal, PersonTotal.person_id == Person.id)
        .where(Person.ranked, Person.is_present)
        .group_by(Person.id, Person.name, Person.municipality_id)
        .having(points > 0)
        .order_by(points.desc(), Person.name)
        .limit(limit)
    )
    if stage_id is not None:
        query = query.where(PersonTotal.stage_id == stage_id)
    rows = db.session.execute(query).all()
    return [
        RankedPerson(
            row.name, row.municipality_id, row.points, 1 + sum(other.points > row.points for other in rows)
        )
        for row in rows
    ]


def rises(now: list[Row], before: list[Row]) -> dict[int, int]:
    """How many places each municipality has risen (or, negative, fallen) since the stage before.

    Only for those that had points both then and now: a place without points says nothing.
    """
    earlier = {row.municipality_id: row.rank for row in before if row.points}
    return {
        row.municipality_id: earlier[row.municipality_id] - row.rank
        for row in now
        if row.points and row.municipality_id in earlier
    }


def _totals(stage_id: int | None) -> Select[int, str, str, int, int, int, int, int]:
    same = MunicipalityTotal.municipality_id == Municipality.id
    in_stage = same if stage_id is None else and_(same, MunicipalityTotal.stage_id == stage_id)
    place = Municipality
    columns = (
        place.id,
        place.slug,
        place.name,
        place.tile_row,
        place.tile_column,
        place.registered,
        place.pool,
    )
    points = func.coalesce(func.sum(MunicipalityTotal.points), 0).label("points")
    return select(*columns, points).outerjoin(MunicipalityTotal, in_stage).group_by(*columns)


def _level(score: float, scores: list[float]) -> int:
    if not score:
        return 1
    below = sum(other < score for other in scores)
    return 1 + below * LEVELS // len(scores)
