"""Rows for every table of whatever schema the database has, found out from the database itself."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, Connection, MetaData, Table, inspect, select

Row = dict[str, Any]
Rows = dict[str, list[Row]]

_ROWS_OF_A_TABLE = 2
_ONLY_ONE_ROW = {"programme", "lobby_address"}

_BY_TYPE: dict[type, Callable[[str, int], object]] = {
    bool: lambda _name, _number: True,
    bytes: lambda name, number: f"{name} {number}".encode(),
    date: lambda _name, number: date(2027, 3, 1 + number),
    datetime: lambda _name, number: datetime(2027, 3, 1 + number, 9, tzinfo=UTC),
    Decimal: lambda _name, number: Decimal(number + 1),
    float: lambda _name, number: number + 1.0,
    int: lambda _name, number: number + 1,
    object: lambda name, number: {"sv": f"{name} {number}"},  # JSON
    str: lambda name, number: f"{name} {number}",
    time: lambda _name, number: time(9 + number),
}


def read_rows(connection: Connection) -> Rows:
    """Every table's rows by the table's name, in the order of the primary key."""
    return {table.name: _read(connection, table) for table in _tables(connection)}


def fill_empty_tables(connection: Connection) -> Rows:
    """Two rows in every table that has none; gives all rows that there are then. In every foreign key, a table's n-th
    row refers to the other table's n-th row, so that keys that share columns agree."""
    rows: Rows = {}
    for table in _tables(connection):
        rows[table.name] = _read(connection, table)
        if rows[table.name]:
            continue
        for number in range(1 if table.name in _ONLY_ONE_ROW else _ROWS_OF_A_TABLE):
            connection.execute(table.insert().values(_row(table, number, rows)))
            rows[table.name] = _read(connection, table)
    return rows


def _tables(connection: Connection) -> list[Table]:
    """Those that others refer to come first."""
    metadata = MetaData()
    metadata.reflect(connection)
    names = [name for name, _ in inspect(connection).get_sorted_table_and_fkc_names()]
    return [metadata.tables[name] for name in names if name and name != "alembic_version"]


def _read(connection: Connection, table: Table) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def _row(table: Table, number: int, rows: Rows) -> Row:
    row = {
        column.name: _value(column, number)
        for column in table.columns
        if column is not table.autoincrement_column and column.computed is None
    }
    row.update(_references(table, number, rows))
    row.update(dict.fromkeys(_left_null(table, number)))
    return row


def _value(column: Column[Any], number: int) -> object:
    words = _words_allowed(column)
    if words:
        return words[number % len(words)]
    return _BY_TYPE[column.type.python_type](column.name, number)


def _references(table: Table, number: int, rows: Rows) -> Row:
    """Null where the other row is not there yet: of the same table, or of one in a circle. A column of two keys has
    what one of them gives."""
    row: Row = {}
    for key in table.foreign_key_constraints:
        others = rows.get(key.referred_table.name) if key.referred_table is not table else None
        for element in key.elements:
            name, place = element.parent.name, number + (element.parent.name in _kept_apart(table))
            value = others[place % len(others)][element.column.name] if others else None
            row[name] = row.get(name) if value is None else value
    return row


def _kept_apart(table: Table) -> set[str]:
    """`activity_id <> origin_id`, alone or with "or": the second of them refers to the next row."""
    pairs = (pair for rule in _rules(table) for pair in re.findall(r"(\w+) <> (\w+)", rule))
    return {second for _first, second in pairs} & set(table.columns.keys())


def _words_allowed(column: Column[Any]) -> list[str]:
    """`role in ('lead', 'steering')`; PostgreSQL gives it back as an array."""
    for rule in _rules(column.table):
        words = re.findall(r"'([^']*)'", rule)
        if words and _columns_in(re.sub(r"'[^']*'", "", rule), column.table) == {column.name}:
            return words
    return []


def _left_null(table: Table, number: int) -> set[str]:
    """`(activity_id is null) <> (stage_event_id is null)`, or a sum of such that is 1: the rows take turns with the one
    that they fill. `not carried_out or hindrance is null`: every row is true of all that can be. `photo_id is null or
    …`: no row has one."""
    for rule in _rules(table):
        subjects = re.findall(r"(\w+) is null", rule, re.IGNORECASE)
        if len(subjects) > 1 and (") <> (" in rule or rule.rstrip(")").endswith("= 1")):
            return set(subjects) - {subjects[number % len(subjects)]}
    denied, free = r"\(*not \w+\)* or \(*(\w+) is null\)*", r"\(*(\w+) is null\)* or .*"
    found = (re.fullmatch(shape, rule, re.IGNORECASE) for rule in _rules(table) for shape in (denied, free))
    return {match[1] for match in found if match}


def _rules(table: Any) -> list[str]:
    """The texts of its checks; PostgreSQL's without their casts."""
    checks = (constraint for constraint in table.constraints if isinstance(constraint, CheckConstraint))
    return [re.sub(r"::[a-z ]+", "", str(check.sqltext)) for check in checks]


def _columns_in(rule: str, table: Any) -> set[str]:
    return set(re.findall(r"\w+", rule)) & set(table.columns.keys())
