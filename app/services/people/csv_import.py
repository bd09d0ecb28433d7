"""Importing people from a CSV file; every row is checked before the first one is imported."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from app.extensions import db
from app.models.person import LANGUAGES, Person, Role
from app.models.programme import Municipality, municipalities
from app.services.people.membership import move, recount, set_role
from app.services.programme.file_faults import FileError, did_you_mean

_REQUIRED = ("email", "name", "municipality")
_OPTIONAL = ("role", "title", "language")
_AT_A_TIME = 500
#: As long as a name or a title may be when people join by themselves.
_LONGEST = 120


@dataclass
class ImportResult:
    """How many people the file added, updated or left as they are."""

    added: int = 0
    updated: int = 0
    #: People who have left; a list does not bring them back.
    skipped: int = 0


@dataclass
class _Row:
    line: int
    cells: dict[str, str]

    @property
    def email(self) -> str:
        return self.cells["email"].lower()


def import_people(text: str, now: datetime, *, file_name: str = "people.csv") -> ImportResult:
    """Add the people of the file, and bring those who are here (by e-mail) up to date with it.

    The first line names the columns: email, name, municipality (slug or name), and perhaps role, title, language. An
    empty cell changes nothing. Commas or semicolons separate the cells, as spreadsheets write them.

    Raises:
        FileError: with all faults; then nothing has changed.
    """
    # Normalized, since a Mac writes ö as two characters, which a database takes for another address.
    rows, faults = _read_rows(normalize("NFC", text.removeprefix("\ufeff")), file_name)
    places = {key.casefold(): place for place in municipalities() for key in (place.slug, place.name)}
    for row in rows:
        faults += [f"{file_name}:{row.line}: {fault}" for fault in _faults_of(row, places)]
    faults += _doubles(rows, file_name)
    if faults:
        raise FileError(faults)

    result = ImportResult()
    for start in range(0, len(rows), _AT_A_TIME):
        _import_rows(rows[start : start + _AT_A_TIME], places, result, now)
    recount()
    return result


def _read_rows(text: str, file_name: str) -> tuple[list[_Row], list[str]]:
    (first, head), *lines = _lines(text, file_name) or [(1, [])]
    columns = [column.lower().replace("e-mail", "email") for column in head]
    faults = [f"{file_name}:{first}: {fault}" for fault in _faults_of_columns(columns)]
    if faults:
        return [], faults
    faults = [
        f"{file_name}:{line}: has {len(cells)} cells; the first line names {len(columns)} columns"
        for line, cells in lines
        if len(cells) > len(columns)
    ]
    empty = dict.fromkeys((*_REQUIRED, *_OPTIONAL), "")
    return [_Row(line, empty | dict(zip(columns, cells, strict=False))) for line, cells in lines], faults


def _lines(text: str, file_name: str) -> list[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with its number, without the empty cells at its end: spreadsheets write
    empty lines and columns too."""
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise FileError([f"{file_name}:{reader.line_num}: this is not CSV: {error}"]) from error
    return [(line, _without_empty_end(cells)) for line, cells in lines if any(cells)]


def _without_empty_end(cells: list[str]) -> list[str]:
    last = max(place for place, cell in enumerate(cells) if cell)
    return cells[: last + 1]


def _faults_of_columns(columns: list[str]) -> list[str]:
    allowed = (*_REQUIRED, *_OPTIONAL)
    missing = [f"column {column} is missing; the first line must name {', '.join(_REQUIRED)}" for column in _REQUIRED
               if column not in columns]  # fmt: skip
    unknown = [f'column "{column}" is unknown; allowed: {", ".join(allowed)}{did_you_mean(column, allowed)}'
               for column in columns if column not in allowed]  # fmt: skip
    twice = [f'column "{column}" stands there twice' for column in allowed if columns.count(column) > 1]
    return missing + unknown + twice


def _faults_of(row: _Row, places: dict[str, Municipality]) -> list[str]:
    faults = []
    cells = row.cells
    if not _mailbox(cells["email"]):
        faults.append(f'email: must be an e-mail address, not "{cells["email"]}"')
    if not cells["name"]:
        faults.append("name: must not be empty")
    faults += [
        f"{column}: {fault}" for column in ("name", "title") for fault in _faults_of_text(cells[column])
    ]
    if cells["municipality"].casefold() not in places:
        slugs = sorted({place.slug for place in places.values()})
        name = cells["municipality"]
        faults.append(
            f'municipality: must be one of {", ".join(slugs)}, not "{name}"{did_you_mean(name.lower(), slugs)}'
        )
    for column, allowed in (("role", [role.value for role in Role]), ("language", LANGUAGES)):
        word = cells[column].lower()
        if word and word not in allowed:
            faults.append(
                f'{column}: must be one of {", ".join(allowed)}, or empty, not "{word}"{did_you_mean(word, allowed)}'
            )
    return faults


def _faults_of_text(text: str) -> Iterator[str]:
    if len(text) > _LONGEST:
        yield f"must be one line of at most {_LONGEST} characters"
    for character in text[:_LONGEST]:
        if not character.isprintable():
            yield f"holds a character that cannot be seen, U+{ord(character):04X}; write it anew"
    if "\ufffd" in text:
        yield f'a letter of "{text}" was lost when the list was saved; write it anew, and save the list as UTF-8'
    elif (meant := _reread(text)) != text:
        yield f'"{text}" seems to mean "{meant}"; the list was saved with the wrong encoding: save it as UTF-8'


def _reread(text: str) -> str:
    """The text as it was meant, if it is UTF-8 that was read in the encoding of Windows (`Ã…sa` for `Åsa`)."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _doubles(rows: list[_Row], file_name: str) -> list[str]:
    first_lines: dict[str, int] = {}
    faults = []
    for row in rows:
        mailbox = _mailbox(row.email) or row.email
        if mailbox in first_lines:
            faults.append(
                f"{file_name}:{row.line}: email: {row.email} stands on line {first_lines[mailbox]} already"
            )
        first_lines.setdefault(mailbox, row.line)
    return faults


def _import_rows(
    rows: list[_Row], places: dict[str, Municipality], result: ImportResult, now: datetime
) -> None:
    query = select(Person).where(Person.email.in_([row.email for row in rows]))
    people_by_email = {person.email: person for person in db.session.scalars(query)}
    for row in rows:
        person = people_by_email.get(row.email)
        if person is None:
            db.session.add(_newcomer(row, places, now))
            result.added += 1
        elif not person.is_present:
            result.skipped += 1
        else:
            _bring_up_to_date(person, row, places)
            result.updated += 1
    db.session.flush()


def _newcomer(row: _Row, places: dict[str, Municipality], now: datetime) -> Person:
    return Person(
        email=row.email,
        name=row.cells["name"],
        title=row.cells["title"],
        municipality_id=places[row.cells["municipality"].casefold()].id,
        role=row.cells["role"].lower() or Role.PARTICIPANT.value,
        language=row.cells["language"].lower() or "sv",
        joined_at=now,
    )


def _bring_up_to_date(person: Person, row: _Row, places: dict[str, Municipality]) -> None:
    person.rename(row.cells["name"])
    person.title = row.cells["title"] or person.title
    person.language = row.cells["language"].lower() or person.language
    if row.cells["role"]:
        set_role(person, Role(row.cells["role"].lower()))
    move(person, places[row.cells["municipality"].casefold()])


def _mailbox(address: str) -> str:
    """The address with its domain in one spelling (`xn--ngelholm-zza.se` is ängelholm.se); empty if malformed."""
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return ""
