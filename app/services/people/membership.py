"""People come, move, change roles, leave and are found. `Municipality.registered` follows in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.person import Person, Role, name_key
from app.models.programme import Municipality, Programme
from app.services.accounts.devices import end_all_sessions

#: Sorts after every character that a name may hold.
_AFTER_ALL = "\U0010ffff"


@dataclass
class Newcomer:
    """What a person says about themselves when joining; the address has been proved by a code."""

    email: str
    name: str
    title: str
    municipality_id: int
    language: str


def may_join(email: str) -> bool:
    """Whether the address is in one of the programme's domains."""
    return email.strip().lower().rpartition("@")[2] in joining_domains()


def joining_domains() -> list[str]:
    programme = Programme.current()
    return programme.email_domains if programme else []


def join(newcomer: Newcomer, *, now: datetime) -> Person:
    """The person with that address: a new participant, or whoever has it already, unchanged, so that a retry never
    doubles. One who had left is welcomed back as a participant."""
    email = newcomer.email.strip().lower()
    known = _whoever_has(email)
    if known:
        return _welcomed_back(known, newcomer)
    person = Person(
        email=email,
        name=newcomer.name,
        title=newcomer.title,
        municipality_id=newcomer.municipality_id,
        language=newcomer.language,
        joined_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:  # the other half of a double tap was first
        return db.session.scalars(select(Person).where(Person.email == email)).one()
    _count(newcomer.municipality_id, 1)
    return person


def leave(person: Person, *, now: datetime) -> None:
    """The person is out: signed out everywhere, told nothing more; what they did stays."""
    if person.is_present:
        person.left_at = now
        _count(person.municipality_id, -1)
        end_all_sessions(person, now)


def move(person: Person, to: Municipality) -> None:
    """To another municipality; what was planned and earned before stays with the old one."""
    if person.is_present and person.municipality_id != to.id:
        _count(person.municipality_id, -1)
        _count(to.id, 1)
    person.municipality = to


def set_role(person: Person, role: Role) -> None:
    person.role = role.value


def recount() -> None:
    """Set every municipality's counter from the people themselves, after a change of many."""
    here = (
        select(func.count())
        .where(Person.municipality_id == Municipality.id, Person.is_present)
        .scalar_subquery()
    )
    db.session.flush()
    db.session.execute(
        update(Municipality).values(registered=here), execution_options={"synchronize_session": "fetch"}
    )


def find_colleagues(beginning: str, viewer: Person, limit: int = 8) -> list[Person]:
    """People whose name begins like that, by name; a range of the name index, whatever their number. Not the viewer."""
    key = name_key(beginning)
    query = (
        select(Person)
        .where(
            Person.name_key >= key,
            Person.name_key < key + _AFTER_ALL,
            Person.is_present,
            Person.id != viewer.id,
        )
        .order_by(Person.name_key, Person.id)
        .limit(limit)
    )
    return list(db.session.scalars(query)) if key else []


def present(person_id: int) -> Person | None:
    """The person, unless they have left."""
    return db.session.scalar(select(Person).where(Person.id == person_id, Person.is_present))


def first_with(role: Role) -> Person | None:
    """The one who joined first in that role; demonstrations sign in as them."""
    query = (
        select(Person)
        .where(Person.role == role.value, Person.is_present)
        .order_by(Person.joined_at, Person.id)
    )
    return db.session.scalar(query.limit(1))


def _whoever_has(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email))


def _welcomed_back(person: Person, newcomer: Newcomer) -> Person:
    if not person.is_present:
        person.left_at = None
        person.role = Role.PARTICIPANT.value
        person.rename(newcomer.name)
        person.title = newcomer.title
        person.municipality_id = newcomer.municipality_id
        _count(newcomer.municipality_id, 1)
    return person


def _count(municipality_id: int, change: int) -> None:
    """In the database, not in the object: two who join at once both count."""
    counted = update(Municipality).where(Municipality.id == municipality_id)
    db.session.execute(counted.values(registered=Municipality.registered + change))
