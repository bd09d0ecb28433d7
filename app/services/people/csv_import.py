"""Importing people from a CSV file: every row that is right, whatever is wrong with the others."""

from dataclasses import dataclass, field
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from app.extensions import db
from app.models.person import Person, Role
from app.models.programme import municipalities
from app.models.search import SearchKind
from app.services.people.csv_rows import Places, note_faults
from app.services.people.csv_table import Row, read_rows
from app.services.people.membership import move, recount, set_role
from app.services.search import index as search_index
from app.text import foreign

_AT_A_TIME = 500


@dataclass
class ImportResult:
    """How many people the file added, updated or left as they are."""

    added: int = 0
    updated: int = 0
    #: People who have left; a list does not bring them back.
    skipped: int = 0
    #: Rows that were not taken, and why, as whole lines in the file's order.
    left_out: int = 0
    faults: list[str] = field(default_factory=list)


def import_people(text: str, now: datetime, *, file_name: str = "people.csv") -> ImportResult:
    """Add the people of the file, and bring those who are here (by e-mail) up to date with it. A row with a fault is
    left out and named; the mended file can be imported whole again.

    The first line names the columns: email, name, municipality (slug or name), and perhaps role, title, language. An
    empty cell changes nothing. Commas, semicolons or tabs separate the cells, as spreadsheets write them.

    Raises:
        FileError: when the file as a whole cannot be read; then nothing has changed.
    """
    # Normalized, since a Mac writes ö as two characters.
    rows = read_rows(normalize("NFC", text.removeprefix("\ufeff")), file_name)
    places = {key.casefold(): place for place in municipalities() for key in (place.slug, place.name)}
    note_faults(rows, places)
    result = ImportResult()
    right = [row for row in rows if not row.faults]
    for start in range(0, len(right), _AT_A_TIME):
        _take(right[start : start + _AT_A_TIME], places, result, now)
    recount()
    result.left_out = sum(bool(row.faults) for row in rows)
    result.faults = [f"{file_name}:{row.line}: {fault}" for row in rows for fault in row.faults]
    return result


def _take(rows: list[Row], places: Places, result: ImportResult, now: datetime) -> None:
    """Import the rows. If that fails, halves of them, until what fails is one row, which gets the fault."""
    try:
        with db.session.begin_nested():
            outcome = _import_rows(rows, places, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: no row's fault
    except Exception as error:  # whatever it is, the other rows are to arrive
        if len(rows) == 1:
            rows[0].faults.append(f"could not be stored: {foreign(str(error), 200)}")
            return
        half = len(rows) // 2
        _take(rows[:half], places, result, now)
        _take(rows[half:], places, result, now)
    else:
        result.added += outcome.added
        result.updated += outcome.updated
        result.skipped += outcome.skipped


def _import_rows(rows: list[Row], places: Places, now: datetime) -> ImportResult:
    result = ImportResult()
    query = select(Person).where(Person.email.in_([row.cells["email"] for row in rows]))
    people_by_email = {person.email: person for person in db.session.scalars(query)}
    here: list[Person] = []
    for row in rows:
        person = people_by_email.get(row.cells["email"])
        if person is None:
            here.append(_newcomer(row, places, now))
            result.added += 1
        elif not person.is_present:
            result.skipped += 1
        else:
            _bring_up_to_date(person, row, places, now)
            here.append(person)
            result.updated += 1
    db.session.add_all(here)
    db.session.flush()
    search_index.refresh(SearchKind.PERSON, [person.id for person in here])
    return result


def _newcomer(row: Row, places: Places, now: datetime) -> Person:
    return Person(
        email=row.cells["email"],
        name=row.cells["name"],
        title=row.cells["title"],
        municipality_id=places[row.cells["municipality"].casefold()].id,
        role=row.cells["role"].lower() or Role.PARTICIPANT.value,
        language=row.cells["language"].lower() or "sv",
        joined_at=now,
    )


def _bring_up_to_date(person: Person, row: Row, places: Places, now: datetime) -> None:
    if person.name != row.cells["name"]:
        person.rename(row.cells["name"])
    person.title = row.cells["title"] or person.title
    person.language = row.cells["language"].lower() or person.language
    if row.cells["role"]:
        set_role(person, Role(row.cells["role"].lower()), now=now)
    move(person, places[row.cells["municipality"].casefold()], now=now)
