"""The running figures of people, what they have earned, and cheers."""

from typing import Any

from sqlalchemy import func, select

from app.models.contribution import Cheer, CheerKind, Contribution
from app.models.ledger import PeerTotal, PersonTotal, PointEntry
from app.models.person import Person
from app.models.programme import Municipality
from app.services.upkeep.running_figures import RunningFigure, in_column, in_table


def _person_sums() -> Any:
    key = (PointEntry.stage_id, PointEntry.person_id, PointEntry.municipality_id)
    return select(*key, func.sum(PointEntry.points)).group_by(*key)


def _peer_sums() -> Any:
    key = (PointEntry.stage_id, PointEntry.person_id)
    shown = select(*key, func.sum(PointEntry.points)).join(Person, Person.id == PointEntry.person_id)
    return shown.where(Person.ranked).group_by(*key)


def _present() -> Any:
    return (
        select(Person.municipality_id, func.count()).where(Person.is_present).group_by(Person.municipality_id)
    )


def _cheers() -> Any:
    return select(Cheer.contribution_id, func.count()).group_by(Cheer.contribution_id)


def _cheers_of(kind: CheerKind) -> Any:
    return _cheers().where(Cheer.kind == kind)


def _in_one_kind(kind: CheerKind, column: Any) -> RunningFigure:
    return RunningFigure(
        (column.key, "contribution"),
        lambda: select(Contribution.id, column).where(column > 0),
        lambda: _cheers_of(kind),
        in_column(
            Contribution,
            column,
            lambda: select(func.count()).where(Cheer.contribution_id == Contribution.id, Cheer.kind == kind),
        ),
    )


FIGURES = (
    RunningFigure(
        ("person_total", "stage", "person", "municipality"),
        lambda: select(
            PersonTotal.stage_id, PersonTotal.person_id, PersonTotal.municipality_id, PersonTotal.points
        ),
        _person_sums,
        in_table(PersonTotal, ("stage_id", "person_id", "municipality_id"), "points", _person_sums),
    ),
    RunningFigure(
        ("peer_total", "stage", "person"),
        lambda: select(PeerTotal.stage_id, PeerTotal.person_id, PeerTotal.points),
        _peer_sums,
        in_table(PeerTotal, ("stage_id", "person_id"), "points", _peer_sums),
    ),
    RunningFigure(
        ("registered", "municipality"),
        lambda: select(Municipality.id, Municipality.registered),
        _present,
        in_column(
            Municipality,
            Municipality.registered,
            lambda: select(func.count()).where(Person.municipality_id == Municipality.id, Person.is_present),
        ),
    ),
    RunningFigure(
        ("cheer_count", "contribution"),
        lambda: select(Contribution.id, Contribution.cheer_count).where(Contribution.cheer_count > 0),
        _cheers,
        in_column(
            Contribution,
            Contribution.cheer_count,
            lambda: select(func.count()).where(Cheer.contribution_id == Contribution.id),
        ),
    ),
    _in_one_kind(CheerKind.HAT, Contribution.hat_count),
    _in_one_kind(CheerKind.FIKA, Contribution.fika_count),
)
