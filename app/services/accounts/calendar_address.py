"""The address of a person's calendar: made when they ask for it, replaced by another, switched off."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from app.extensions import db
from app.models.calendar_address import CalendarAddress
from app.models.person import Person
from app.models.upsert import upsert

#: Of chance: 128 bits.
_BYTES: Final = 16

_THEIRS: Final = select(CalendarAddress).where(CalendarAddress.person_id == bindparam("person_id"))


def address_of(person: Person) -> CalendarAddress | None:
    return db.session.scalar(_THEIRS, {"person_id": person.id})


def owner_of_calendar(serial: str) -> Person | None:
    """Whose calendar has the address with that serial; None when there is none any more."""
    theirs = select(Person).join(CalendarAddress, CalendarAddress.person_id == Person.id)
    return db.session.scalar(theirs.where(CalendarAddress.serial == serial, Person.is_present))


def make_address(person: Person, *, instead_of: str, now: datetime) -> bool:
    """Make one in place of that with the serial `instead_of`, or the first one when that is empty. False when there was
    nothing to do, so that a double tap changes it once, and an old page takes no newer one away."""
    if instead_of and not switch_off(person, instead_of):
        return False
    row = {"person_id": person.id, "serial": secrets.token_urlsafe(_BYTES), "made_at": now}
    insert = upsert(CalendarAddress).values(row).on_conflict_do_nothing()
    return db.session.execute(insert.returning(CalendarAddress.person_id)).first() is not None


def switch_off(person: Person, serial: str) -> bool:
    """From now on nothing is there. False when it was not the one that the person has."""
    row = delete(CalendarAddress).where(
        CalendarAddress.person_id == person.id, CalendarAddress.serial == serial
    )
    returned = row.returning(CalendarAddress.person_id)
    return db.session.execute(returned, execution_options={"synchronize_session": False}).first() is not None


def forget_address(person: Person) -> None:
    """Of somebody who leaves: who joins again asks for another."""
    row = delete(CalendarAddress).where(CalendarAddress.person_id == person.id)
    db.session.execute(row, execution_options={"synchronize_session": False})
