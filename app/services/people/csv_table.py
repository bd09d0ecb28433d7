"""Reads a table from a CSV file as spreadsheets write them: its columns, and each row by itself."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from app.services.programme.file_faults import FileError, did_you_mean
from app.text import one_line

REQUIRED = ("email", "name", "municipality")
OPTIONAL = ("role", "title", "language")
MOST_ROWS = 100_000

_ALSO_CALLED = {
    "email": ("e-mail", "e-mail address", "email address", "mail", "e-post", "epost", "e-postadress", "mejl"),
    "name": ("namn",),
    "municipality": ("kommun",),
    "role": ("roll",),
    "title": ("titel", "befattning", "yrke"),
    "language": ("språk",),
}  # fmt: skip
_COLUMNS = {name: column for column, names in _ALSO_CALLED.items() for name in (column, *names)}
#: Excel's own first line, which names the separator.
_SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)', re.IGNORECASE)
_SEPARATORS = ",;\t"
#: A cell that goes on over more lines than this was not closed.
_MOST_LINES = 20


@dataclass
class Row:
    #: Of the file, counted from 1; the last one, when a cell goes over several.
    line: int
    #: By column, without blanks around them; empty where the row has none.
    cells: dict[str, str]
    faults: list[str] = field(default_factory=list)


@dataclass
class _Record:
    line: int
    cells: list[str]
    fault: str = ""


def read_rows(text: str, file_name: str) -> list[Row]:
    """The rows of the table; those that are no CSV, or have more cells than there are columns, with that fault. Empty
    lines, and empty columns without a name, are skipped.

    Raises:
        FileError: when the columns are wrong, or there are too many rows; then nothing can be said about the rows.
    """
    records = _records(list(io.StringIO(text, newline=None)))
    head = next(records, _Record(1, []))
    columns = [_column(cell) for cell in head.cells]
    faults = [head.fault] if head.fault else _faults_of_columns(columns)
    if faults:
        raise FileError([f"{file_name}:{head.line}: {fault}" for fault in faults])
    rows = [_row(record, columns) for record in islice(records, MOST_ROWS + 1)]
    if len(rows) > MOST_ROWS:
        raise FileError([f"{file_name}:{rows[-1].line}: has more than {MOST_ROWS} rows; divide the file"])
    return rows


def _records(lines: list[str]) -> Iterator[_Record]:
    """The records that are not empty, first that of the columns."""
    place = next((number for number, line in enumerate(lines) if line.strip(' \t\n,;"')), 0)
    by_excel = _SEPARATOR_LINE.match(lines[place]) if lines else None
    if by_excel:
        place += 1
        separator = by_excel[1]
    else:
        separator = max(_SEPARATORS, key=(lines[place] if lines else "").count)
    while place < len(lines):
        record, place = _record(lines, place, separator)
        if record.fault or any(record.cells):
            yield record


def _record(lines: list[str], place: int, separator: str) -> tuple[_Record, int]:
    """The record that begins at that line, and the line after it. A quotation mark that is not closed costs its own
    line and none of those below."""
    reader = csv.reader(_until_next_address(lines, place), delimiter=separator, strict=True)
    try:
        cells = [cell.strip() for cell in next(reader)]
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        fault = "a quotation mark is not closed" if unclosed else f"this is not CSV: {error}"
        return _Record(place + 1, [], fault), place + 1
    return _Record(place + reader.line_num, cells), place + reader.line_num


def _until_next_address(lines: list[str], place: int) -> Iterator[str]:
    yield lines[place]
    for line in lines[place + 1 : place + _MOST_LINES]:
        if "@" in line:
            return
        yield line


def _column(cell: str) -> str:
    name = one_line(cell).casefold()
    return _COLUMNS.get(name, name)


def _faults_of_columns(columns: list[str]) -> list[str]:
    allowed = (*REQUIRED, *OPTIONAL)
    missing = [f"column {column} is missing; the first line must name {', '.join(REQUIRED)}" for column in REQUIRED
               if column not in columns]  # fmt: skip
    unknown = [f'column "{column}" is unknown; allowed: {", ".join(allowed)}{did_you_mean(column, allowed)}'
               for column in columns if column and column not in allowed]  # fmt: skip
    twice = [f'column "{column}" stands there twice' for column in allowed if columns.count(column) > 1]
    return missing + unknown + twice


def _row(record: _Record, columns: list[str]) -> Row:
    cells = dict.fromkeys((*REQUIRED, *OPTIONAL), "") | dict(zip(columns, record.cells, strict=False))
    row = Row(record.line, cells, [record.fault] if record.fault else [])
    named = [number for number, column in enumerate(columns) if column]
    filled = [number for number, cell in enumerate(record.cells) if cell]
    if set(filled) - set(named):
        row.faults.append(f"has {filled[-1] + 1} cells; the first line names {len(named)} columns")
    return row
