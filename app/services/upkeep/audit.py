"""Check every running figure against the rows that it is a sum or a count of, and rebuild those that differ.

A figure that is stored beside its rows can only be trusted if it can be computed again.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from app.extensions import db
from app.models.contribution import Cheer, Contribution
from app.models.ledger import MunicipalityTotal, PersonTotal, PointEntry
from app.models.person import Person
from app.models.programme import Municipality


class Difference(NamedTuple):
    """A figure that is not what its rows say. `of` names it: "municipality_total stage 2 municipality 5"."""

    of: str
    stored: int
    recomputed: int


Counts = dict[tuple[int, ...], int]


def verify() -> list[Difference]:
    """Recompute the totals from the ledger, the registered from the people, and the cheer counts from the cheers."""
    return [
        Difference(_name_of(name, key), stored.get(key, 0), recomputed.get(key, 0))
        for name, stored, recomputed in (_place_totals(), _person_totals(), _registered(), _cheers())
        for key in sorted(stored.keys() | recomputed.keys())
        if stored.get(key, 0) != recomputed.get(key, 0)
    ]


def repair() -> None:
    """Write every figure again, computed from its rows."""
    _rebuild(MunicipalityTotal, ("stage_id", "municipality_id"), _place_totals)
    _rebuild(PersonTotal, ("stage_id", "person_id", "municipality_id"), _person_totals)
    present = select(func.count()).where(Person.municipality_id == Municipality.id, Person.is_present)
    _set(Municipality, Municipality.registered, present.scalar_subquery())
    cheers = select(func.count()).where(Cheer.contribution_id == Contribution.id)
    _set(Contribution, Contribution.cheer_count, cheers.scalar_subquery())
    db.session.expire_all()


#: A table and the columns of its key; its figures as they are stored, and computed again.
Comparison = tuple[tuple[str, ...], Counts, Counts]


def _place_totals() -> Comparison:
    total, entry = MunicipalityTotal, PointEntry
    stored = select(total.stage_id, total.municipality_id, total.points)
    key = (entry.stage_id, entry.municipality_id)
    recomputed = select(*key, func.sum(entry.points)).group_by(*key)
    return ("municipality_total", "stage", "municipality"), _counts(stored), _counts(recomputed)


def _person_totals() -> Comparison:
    total, entry = PersonTotal, PointEntry
    stored = select(total.stage_id, total.person_id, total.municipality_id, total.points)
    key = (entry.stage_id, entry.person_id, entry.municipality_id)
    recomputed = select(*key, func.sum(entry.points)).group_by(*key)
    return ("person_total", "stage", "person", "municipality"), _counts(stored), _counts(recomputed)


def _registered() -> Comparison:
    stored = select(Municipality.id, Municipality.registered)
    present = select(Person.municipality_id, func.count()).where(Person.is_present)
    return ("registered", "municipality"), _counts(stored), _counts(present.group_by(Person.municipality_id))


def _cheers() -> Comparison:
    stored = select(Contribution.id, Contribution.cheer_count).where(Contribution.cheer_count > 0)
    cheers = select(Cheer.contribution_id, func.count()).group_by(Cheer.contribution_id)
    return ("cheer_count", "contribution"), _counts(stored), _counts(cheers)


def _counts(query: Any) -> Counts:
    return {tuple(key): figure for *key, figure in db.session.execute(query)}


def _name_of(name: tuple[str, ...], key: tuple[int, ...]) -> str:
    table, *columns = name
    return " ".join([table, *(f"{column} {number}" for column, number in zip(columns, key, strict=True))])


def _rebuild(
    total: type[MunicipalityTotal] | type[PersonTotal],
    columns: tuple[str, ...],
    compare: Callable[[], Comparison],
) -> None:
    _name, _stored, recomputed = compare()
    db.session.execute(delete(total))
    rows = [{**dict(zip(columns, key, strict=True)), "points": points} for key, points in recomputed.items()]
    if rows:
        db.session.execute(insert(total), rows)


def _set(model: type[Municipality] | type[Contribution], column: Any, count: Any) -> None:
    correction = update(model).where(column != count).values({column: count})
    db.session.execute(correction.execution_options(synchronize_session=False))
