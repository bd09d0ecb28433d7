"""Du och dina grannar: people with about as many points, among those alone who want to be shown. No ranks, no top.

Who wants to is `Person.ranked`, and has rows in `peer_total`, which the ledger keeps.
"""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update

from app.extensions import db
from app.models.ledger import PeerTotal, PersonTotal
from app.models.paging import after, before
from app.models.person import Person
from app.services.points.ledger import wait_for_ledger

#: How many are shown on each side.
_NEAREST = 2


class Neighbour(NamedTuple):
    id: int
    name: str
    municipality_id: int
    points: int


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
    key = {"stage_id": stage_id, "person_id": person.id}
    own = db.session.scalar(select(PeerTotal.points).filter_by(**key)) or 0
    place, mine = (PeerTotal.points, PeerTotal.person_id), (own, person.id)
    people = (
        select(Person.id, Person.name, Person.municipality_id, PeerTotal.points)
        .select_from(PeerTotal)
        .outerjoin(Person, Person.id == PeerTotal.person_id)
        .where(PeerTotal.stage_id == stage_id)
        .limit(_NEAREST)
    )
    above = people.where(after(place, mine)).order_by(*place)
    below = people.where(before(place, mine)).order_by(*(column.desc() for column in place))
    return Neighbourhood(
        above=[Neighbour(*row) for row in db.session.execute(above)][::-1],
        me=Neighbour(person.id, person.name, person.municipality_id, own),
        below=[Neighbour(*row) for row in db.session.execute(below)],
    )


def how_many_are_shown() -> int:
    return db.session.scalar(select(func.count()).where(Person.ranked).select_from(Person)) or 0
