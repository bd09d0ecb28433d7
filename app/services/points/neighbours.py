"""Du och dina grannar: people with about as many points, among those alone who want to be shown. No ranks, no top.

Who wants to is `Person.ranked`, and has rows in `peer_total`, which the ledger keeps.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, tuple_, update

from app.extensions import db
from app.models.ledger import PeerTotal, PersonTotal
from app.models.person import Person
from app.services.points.ledger import wait_for_ledger

#: How many are shown on each side.
_NEAREST = 2


class Neighbour(NamedTuple):
    id: int
    name: str
    municipality_id: int
    points: int


#: A place among the others is one's points, and the number that parts those who have as many.
_PLACE: Final = (PeerTotal.points, PeerTotal.person_id)
_MINE: Final = tuple_(bindparam("points"), bindparam("person_id"))
_OWN: Final = select(PeerTotal.points).where(
    PeerTotal.stage_id == bindparam("stage_id"), PeerTotal.person_id == bindparam("person_id")
)
_PEOPLE: Final = (
    select(Person.id, Person.name, Person.municipality_id, PeerTotal.points)
    .select_from(PeerTotal)
    .outerjoin(Person, Person.id == PeerTotal.person_id)
    .where(PeerTotal.stage_id == bindparam("stage_id"))
    .limit(_NEAREST)
)
_ABOVE: Final = _PEOPLE.where(tuple_(*_PLACE) > _MINE).order_by(*_PLACE)
_BELOW: Final = _PEOPLE.where(tuple_(*_PLACE) < _MINE).order_by(*(column.desc() for column in _PLACE))
_SHOWN: Final = select(func.count()).where(Person.ranked).select_from(Person)


@dataclass(frozen=True)
class Neighbourhood:
    """Most points first. Somebody in `below` may have as many as oneself, and so may somebody in `above`."""

    above: list[Neighbour]
    me: Neighbour
    below: list[Neighbour]


def show(person: Person) -> None:
    """Show the person among their neighbours from now on. Raises ValueError for the office, which has no points."""
    if person.is_office or not person.is_present:
        raise ValueError("only participants who are here are shown")
    if not _change(person, ranked=True):
        return
    wait_for_ledger()  # no points may come in between
    points = func.sum(PersonTotal.points)
    sums = select(PersonTotal.stage_id, PersonTotal.person_id, points).where(
        PersonTotal.person_id == person.id
    )
    rows = sums.group_by(PersonTotal.stage_id, PersonTotal.person_id)
    db.session.execute(insert(PeerTotal).from_select(["stage_id", "person_id", "points"], rows))


def stop_showing(person: Person) -> None:
    """Nobody sees the person there any more."""
    _change(person, ranked=False)
    wait_for_ledger()
    db.session.execute(delete(PeerTotal).where(PeerTotal.person_id == person.id))


def _change(person: Person, *, ranked: bool) -> bool:
    """In the database, and only where it is otherwise by now: who taps twice has read the row before. False when there
    was nothing to change. The row comes before the ledger, which is the last thing to wait for."""
    db.session.flush()
    otherwise = update(Person).where(Person.id == person.id, Person.ranked != ranked)
    row = otherwise.values(ranked=ranked).returning(Person.id)
    changed = db.session.execute(row, execution_options={"synchronize_session": False}).first() is not None
    db.session.refresh(person, ["ranked"])
    return changed


def neighbourhood(person: Person, stage_id: int) -> Neighbourhood:
    """The nearest on either side in that stage. Each side is a step along an index, however many there are."""
    connection = db.session.connection()
    key = {"stage_id": stage_id, "person_id": person.id}
    own = connection.scalar(_OWN, key) or 0
    place = {**key, "points": own}
    return Neighbourhood(
        above=[Neighbour._make(row) for row in connection.execute(_ABOVE, place)][::-1],
        me=Neighbour(person.id, person.name, person.municipality_id, own),
        below=[Neighbour._make(row) for row in connection.execute(_BELOW, place)],
    )


def how_many_are_shown() -> int:
    return db.session.connection().scalar(_SHOWN) or 0
