"""People join, move, change roles and leave. `Municipality.registered` changes in the same transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from app.email_address import canonical, canonical_or_none
from app.extensions import db
from app.models.person import Person, PersonSeen, Role
from app.models.programme import Municipality, Programme
from app.models.search import SearchKind
from app.services.accounts.calendar_address import forget_address
from app.services.accounts.devices import end_all_sessions
from app.services.feed.following import forget_follows
from app.services.people.queue import give_up_all_places
from app.services.points.members import counted_anew
from app.services.points.neighbours import stop_showing
from app.services.search import index as search_index

_FOR_ROWS: Final = select(
    Person.id, Person.name, Person.municipality_id, Person.shown_title.label("shown_title")
).where(Person.id.in_(bindparam("person_ids", expanding=True)), Person.is_present)
_PRESENT: Final = select(Person).where(Person.id == bindparam("person_id"), Person.is_present)

#: The columns are in the order of `PersonSeen`.
_SEEN: Final[Select[*tuple[Any, ...]]] = (
    select(Person.id, Person.name, Person.municipality_id, Person.shown_title.label("shown_title"))
    .add_columns(Person.joined_at, Person.shows_done, Person.shows_badges)
    .where(Person.id == bindparam("person_id"), Person.is_present)
)


@dataclass
class Newcomer:
    """What a person writes when joining; a code has proved that the address is theirs."""

    email: str
    name: str
    title: str
    municipality_id: int
    language: str


def may_join(email: str) -> bool:
    """Whether the address can be mailed and is in one of the programme's domains."""
    spelling = canonical_or_none(email)
    return spelling is not None and spelling.rpartition("@")[2] in joining_domains()


def joining_domains() -> list[str]:
    """In their canonical spelling."""
    programme = Programme.current()
    return programme.email_domains if programme else []


def join(newcomer: Newcomer, *, now: datetime) -> Person:
    """The person with that address: a new participant, or the one who has it already, unchanged, so that a retry adds
    nobody twice. Somebody who had left is a participant again.

    Raises:
        AddressError: when no mail could reach the address.
    """
    email = canonical(newcomer.email)
    existing = _person_with(email)
    if existing:
        return _welcome_back(existing, newcomer, now)
    person = Person(
        email=email,
        name=newcomer.name,
        title=newcomer.title,
        municipality_id=newcomer.municipality_id,
        language=newcomer.language,
        joined_at=now,
        signed_in_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:  # the other request of a double tap was first
        return db.session.scalars(select(Person).where(Person.email == email)).one()
    _change_registered({newcomer.municipality_id: 1})
    search_index.refresh(SearchKind.PERSON, [person.id])
    return person


def leave(person: Person, *, now: datetime) -> None:
    """Let the person leave: signed out everywhere and told nothing more. What they did stays."""
    _wait_for_turn(person)
    if person.is_present:
        give_up_all_places(person.id, now)
        with counted_anew(person, now):
            person.left_at = now
        _change_registered({person.municipality_id: -1})
        stop_showing(person)
        end_all_sessions(person, now)
        forget_address(person)
        forget_follows(person.id)
        search_index.refresh(SearchKind.PERSON, [person.id])


def move(person: Person, to: Municipality, *, now: datetime) -> None:
    """Move the person to another municipality. What they planned and earned before stays with the old one."""
    if person.municipality_id == to.id:
        return  # a list has many who stay where they are, and waits for none of them
    _wait_for_turn(person)
    before = person.municipality_id
    if before != to.id:
        with counted_anew(person, now):
            person.municipality = to
        if person.is_present:
            _change_registered({before: -1, to.id: 1})
        search_index.refresh(SearchKind.PERSON, [person.id])


def set_role(person: Person, role: Role, *, now: datetime) -> None:
    if person.role == role:
        return  # as in `move`
    _wait_for_turn(person)
    if person.role != role:
        with counted_anew(person, now):
            person.role = role.value
        if person.is_office:
            stop_showing(person)


def recount() -> None:
    """Count every municipality's people again, after a change of many people."""
    here = (
        select(func.count())
        .where(Person.municipality_id == Municipality.id, Person.is_present)
        .scalar_subquery()
    )
    db.session.flush()
    db.session.execute(
        update(Municipality).values(registered=here), execution_options={"synchronize_session": "fetch"}
    )


def present(person_id: int) -> Person | None:
    """The person, unless they have left."""
    return db.session.scalars(_PRESENT, {"person_id": person_id}).one_or_none()


def present_as_seen(person_id: int) -> PersonSeen | None:
    """The same with what colleagues see of them alone."""
    row = db.session.connection().execute(_SEEN, {"person_id": person_id}).first()
    return PersonSeen._make(row) if row else None


def first_with(role: Role) -> Person | None:
    """The one who joined first in that role; demonstrations sign in as them."""
    query = (
        select(Person)
        .where(Person.role == role.value, Person.is_present)
        .order_by(Person.joined_at, Person.id)
    )
    return db.session.scalar(query.limit(1))


def coordinator_of(person: Person) -> Person | None:
    """Somebody to ask in the person's municipality: the coordinator there who joined first, other than they."""
    there = select(Person).where(
        Person.role == Role.COORDINATOR, Person.municipality_id == person.municipality_id
    )
    others = there.where(Person.is_present, Person.id != person.id)
    return db.session.scalar(others.order_by(Person.joined_at, Person.id).limit(1))


def people_for_rows(person_ids: Collection[int]) -> list[Any]:
    """Those of them who are here, with what a row of a list shows: name, municipality and what they show of their
    work."""
    return list(db.session.connection().execute(_FOR_ROWS, {"person_ids": list(person_ids)}))


def _person_with(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email))


def _welcome_back(person: Person, newcomer: Newcomer, now: datetime) -> Person:
    _wait_for_turn(person)
    if not person.is_present:
        with counted_anew(person, now):
            person.left_at = None
            person.role = Role.PARTICIPANT.value
            person.municipality_id = newcomer.municipality_id
        person.rename(newcomer.name)
        person.title = newcomer.title
        _change_registered({newcomer.municipality_id: 1})
        search_index.refresh(SearchKind.PERSON, [person.id])
    return person


def _wait_for_turn(person: Person) -> None:
    """Make others who would move, send away or promote the same person wait until this transaction ends. The person is
    up to date after this. Who only points at the row (points, an activity) does not wait.

    An update that changes nothing does it, because SQLite has no `SELECT … FOR UPDATE`.
    """
    unchanged = update(Person).where(Person.id == person.id).values(left_at=Person.left_at)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
    db.session.refresh(person)


def _change_registered(changes: Mapping[int, int]) -> None:
    """By municipality, in order, so that two who change places never wait in a circle; in the database and not in
    Python, since two people may join at the same time."""
    for municipality_id, change in sorted(changes.items()):
        change_row = update(Municipality).where(Municipality.id == municipality_id)
        db.session.execute(change_row.values(registered=Municipality.registered + change))
