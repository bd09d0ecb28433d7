"""The running figures of the boards. Points are counted again for all; people only while a board is open, since nobody
can tell any more where they belonged when an old one was closed."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, delete, false, func, insert, or_, select, update

from app import clock
from app.extensions import db
from app.models.board import DayTotal, MunicipalityTotal, StageParticipant
from app.models.ledger import PointEntry
from app.models.person import Person
from app.models.stage import stages
from app.models.upsert import upsert
from app.services.points.closing import closing_time, open_boards
from app.services.points.members import count_everybody, is_member, participants
from app.services.programme.clock import programme_zone
from app.services.upkeep.running_figures import RunningFigure

_Rows = list[tuple[Any, ...]]
_PLACE: Final = (MunicipalityTotal.stage_id, MunicipalityTotal.municipality_id)


def _board_entries(*columns: Any) -> Any:
    """The entries that boards count: those made before the stage's was closed."""
    on_a_board = [
        and_(PointEntry.stage_id == stage.id, PointEntry.at < closing_time(stage)) for stage in stages()
    ]
    return select(*columns).where(or_(false(), *on_a_board))


def _place_sums() -> Any:
    key = (PointEntry.stage_id, PointEntry.municipality_id)
    return _board_entries(*key, func.sum(PointEntry.points)).group_by(*key)


def _day_sums() -> _Rows:
    """In Python, since only it knows the programme's calendar."""
    sums: Counter[tuple[int, int, date]] = Counter()
    entries = _board_entries(
        PointEntry.stage_id, PointEntry.municipality_id, PointEntry.at, PointEntry.points
    )
    zone = programme_zone()
    for stage_id, place_id, at, points in db.session.execute(entries):
        sums[stage_id, place_id, at.astimezone(zone).date()] += points
    return [(*key, points) for key, points in sums.items()]


def _rebuild_places() -> None:
    everywhere = update(MunicipalityTotal).values(points=0)
    db.session.execute(everywhere, execution_options={"synchronize_session": False})
    columns = ("stage_id", "municipality_id", "points")
    rows = [dict(zip(columns, row, strict=True)) for row in db.session.execute(_place_sums())]
    if rows:
        new = upsert(MunicipalityTotal)
        points = {"points": new.excluded.points}
        db.session.execute(new.values(rows).on_conflict_do_update(index_elements=columns[:2], set_=points))


def _rebuild_days() -> None:
    db.session.execute(delete(DayTotal), execution_options={"synchronize_session": False})
    columns = ("stage_id", "municipality_id", "day", "points")
    if rows := [dict(zip(columns, row, strict=True)) for row in _day_sums()]:
        db.session.execute(insert(DayTotal), rows)


def _of_open_boards(query: Callable[[Any], Select[int, int]]) -> _Rows:
    """What the query of a stage gives, for each stage whose board is open, after the stage's number."""
    return [
        (stage.id, *row) for stage in open_boards(clock.now()) for row in db.session.execute(query(stage))
    ]


def _stored(column: Any) -> Callable[[], _Rows]:
    row = MunicipalityTotal
    return lambda: _of_open_boards(
        lambda stage: select(row.municipality_id, column).where(row.stage_id == stage.id, column != 0)
    )


def _members() -> _Rows:
    place = Person.municipality_id
    return _of_open_boards(lambda stage: select(place, func.count()).where(is_member(stage)).group_by(place))


def _counted() -> _Rows:
    row = StageParticipant
    return _of_open_boards(
        lambda stage: select(row.person_id, row.municipality_id).where(row.stage_id == stage.id)
    )


def _participating() -> _Rows:
    return _of_open_boards(lambda stage: participants(stage.id))


def _active() -> _Rows:
    def by_place(stage: Any) -> Select[int, int]:
        here = participants(stage.id).subquery().c
        return select(here.municipality_id, func.count()).group_by(here.municipality_id)

    return _of_open_boards(by_place)


def _count_everybody() -> None:
    for stage in open_boards(clock.now()):
        count_everybody(stage)


FIGURES = (
    RunningFigure(
        ("municipality_total", "stage", "municipality"),
        lambda: select(*_PLACE, MunicipalityTotal.points),
        _place_sums,
        _rebuild_places,
    ),
    RunningFigure(
        ("day_total", "stage", "municipality", "day"),
        lambda: select(DayTotal.stage_id, DayTotal.municipality_id, DayTotal.day, DayTotal.points),
        _day_sums,
        _rebuild_days,
    ),
    RunningFigure(
        ("members", "stage", "municipality"), _stored(MunicipalityTotal.members), _members, _count_everybody
    ),
    RunningFigure(("stage_participant", "stage", "person"), _counted, _participating, _count_everybody),
    RunningFigure(
        ("active", "stage", "municipality"), _stored(MunicipalityTotal.active), _active, _count_everybody
    ),
)
