"""Who counts on the boards: whom a municipality's points are divided by, and who did something.

The programme office is on no board. A board that is closed is not written any more.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    union,
    union_all,
    update,
)

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.board import MunicipalityTotal, StageParticipant
from app.models.contribution import is_hidden
from app.models.person import Person
from app.models.stage import Stage
from app.models.upsert import upsert
from app.services.points.closing import is_closed, open_boards
from app.services.points.ledger import wait_for_ledger

_UNSYNCHRONIZED: Final = {"synchronize_session": False}


def is_member(stage: Stage) -> ColumnElement[bool]:
    """Condition: the person counts in their municipality's divisor."""
    return Person.is_present & ~Person.is_office & (Person.signed_in_at < stage.opened_at)


def participants(
    stage_id: int | BindParameter[int], among: BindParameter[Any] | None = None
) -> Select[int, int]:
    """Ids and municipalities of those who did something in the stage (PRODUCT: Participation); `among` those people
    alone, so that one person costs no more in a stage with many."""
    # Of two indexes SQLite would take the stage's; nothing is added so that it takes the person's.
    stage: Any = Activity.stage_id if among is None else Activity.stage_id + 0
    in_stage = (stage == stage_id, ~is_hidden(Activity.id))
    owners = select(Activity.owner_id.label("person_id")).where(*in_stage)
    partners = (
        select(CoOwner.person_id)
        .join(Activity, Activity.id == CoOwner.activity_id)
        .where(CoOwner.is_partner, *in_stage)
    )
    if among is not None:
        owners, partners = (
            owners.where(Activity.owner_id.in_(among)),
            partners.where(CoOwner.person_id.in_(among)),
        )
    makers = union(owners, partners).subquery("makers")
    people = select(Person.id, Person.municipality_id).join(makers, makers.c.person_id == Person.id)
    return people.where(~Person.is_office)


_PEOPLE: Final[BindParameter[Any]] = bindparam("person_ids", expanding=True)
_STAGE_ID: Final[BindParameter[int]] = bindparam("stage_id", type_=Integer)
_HAS_BEGUN: Final = exists().where(Stage.id == _STAGE_ID, Stage.opened_at.is_not(None))
#: Where people are counted, and where they belong, in a stage whose board has been opened.
_STANDING: Final = union_all(
    select(StageParticipant.person_id, StageParticipant.municipality_id, literal(False)).where(
        StageParticipant.stage_id == _STAGE_ID, StageParticipant.person_id.in_(_PEOPLE), _HAS_BEGUN
    ),
    participants(_STAGE_ID, _PEOPLE).add_columns(literal(True)).where(_HAS_BEGUN),
)


def count_everybody(stage: Stage) -> None:
    """Make the stage's board, with everybody who counts on it by now."""
    row = StageParticipant
    db.session.execute(delete(row).where(row.stage_id == stage.id), execution_options=_UNSYNCHRONIZED)
    found = [
        {"stage_id": stage.id, "person_id": person_id, "municipality_id": place_id}
        for person_id, place_id in db.session.execute(participants(stage.id))
    ]
    if found:
        db.session.execute(insert(row), found)
    nobody = update(MunicipalityTotal).where(MunicipalityTotal.stage_id == stage.id)
    db.session.execute(nobody.values(members=0, active=0), execution_options=_UNSYNCHRONIZED)
    members = select(Person.municipality_id, func.count()).where(is_member(stage))
    _count(stage, "members", members.group_by(Person.municipality_id))
    active = select(row.municipality_id, func.count()).where(row.stage_id == stage.id)
    _count(stage, "active", active.group_by(row.municipality_id))


def _count(stage: Stage, column: str, by_place: Select[int, int]) -> None:
    for place_id, count in db.session.execute(by_place).all():
        _add(stage.id, place_id, **{column: count})


@contextmanager
def counted_anew(person: Person, now: datetime) -> Iterator[None]:
    """Around whatever changes whether and where a person counts: they move, leave, come back, change roles."""
    boards = open_boards(now)
    before = [_membership(person, stage) for stage in boards]
    yield
    db.session.flush()
    wait_for_ledger()
    for stage, old_place in zip(boards, before, strict=True):
        new_place = _membership(person, stage)
        if old_place != new_place:
            for place_id, change in ((old_place, -1), (new_place, 1)):
                if place_id:
                    _add(stage.id, place_id, members=change)
        _count_participants(stage, [person.id])


def count_makers(activity: Activity, now: datetime) -> None:
    """Count those who made it among the participants of its stage, or not any more."""
    stage = Stage.by_id(activity.stage_id)
    if not is_closed(stage, now):
        _count_participants(stage, activity.owner_ids())


def _membership(person: Person, stage: Stage) -> int | None:
    """In which municipality the person is a member, if in any."""
    return db.session.scalar(select(Person.municipality_id).where(Person.id == person.id, is_member(stage)))


def _count_participants(stage: Stage, person_ids: Collection[int]) -> None:
    """Where each of these belongs by now, and nowhere else, once the stage has begun. The caller waits for the
    ledger."""
    places: dict[bool, dict[int, int]] = {False: {}, True: {}}
    which = {"stage_id": stage.id, "person_ids": person_ids}
    for person_id, place_id, belongs in db.session.execute(_STANDING, which):
        places[belongs][person_id] = place_id
    for person_id in sorted(person_ids):
        counted, belonging = places[False].get(person_id), places[True].get(person_id)
        if counted and counted != belonging:
            _count_out(stage.id, person_id)
        if belonging and counted != belonging:
            _count_in(stage.id, person_id, belonging)


def _count_out(stage_id: int, person_id: int) -> None:
    key = (StageParticipant.stage_id == stage_id, StageParticipant.person_id == person_id)
    gone = delete(StageParticipant).where(*key).returning(StageParticipant.municipality_id)
    for place_id in db.session.scalars(gone, execution_options=_UNSYNCHRONIZED).all():
        _add(stage_id, place_id, active=-1)


def _count_in(stage_id: int, person_id: int, place_id: int) -> None:
    row = {"stage_id": stage_id, "person_id": person_id, "municipality_id": place_id}
    new = upsert(StageParticipant).values(row).on_conflict_do_nothing().returning(StageParticipant.person_id)
    if db.session.scalar(new):
        _add(stage_id, place_id, active=1)


def _add(stage_id: int, place_id: int, **changes: int) -> None:
    """In the database and not in Python: two may change it at once. A municipality that came during the stage has no
    row yet."""
    key = {"stage_id": stage_id, "municipality_id": place_id}
    first = {name: max(change, 0) for name, change in changes.items()}
    more = {name: getattr(MunicipalityTotal, name) + change for name, change in changes.items()}
    row = upsert(MunicipalityTotal).values(**key, **first)
    db.session.execute(row.on_conflict_do_update(index_elements=[*key], set_=more))
