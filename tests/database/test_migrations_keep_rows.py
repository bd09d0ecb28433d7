"""Every migration, there and back, with rows in every table, on either engine: nothing is lost but on purpose."""

from pathlib import Path

import flask_migrate
import pytest
from alembic.script import Script, ScriptDirectory

from app.extensions import db
from tests.database.rows import Row, Rows, fill_empty_tables, read_rows

# What a migration takes away or writes anew on purpose, and why. Only what is named here is not looked for afterwards:
#     {"0007": {"job_run": "begins anew", "person.theme": "the third theme becomes the first"}}
_ON_PURPOSE: dict[str, dict[str, str]] = {"0005": {"push_subscription.delivered_at": "nobody read it"}}

# Tables that a migration gives another name; their rows are looked for there.
_RENAMED = {"0004": {"report": "flag", "activity_municipality": "contribution_municipality"}}

_SCRIPTS = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))
_MIGRATIONS = list(_SCRIPTS.walk_revisions())[::-1]


@pytest.mark.usefixtures("empty_app")
@pytest.mark.parametrize("migration", _MIGRATIONS, ids=[script.revision for script in _MIGRATIONS])
def test_a_migration_keeps_every_row(migration: Script) -> None:
    earlier = str(migration.down_revision or "base")
    if migration.down_revision:
        flask_migrate.upgrade(revision=earlier)
    before = _fill_and_read()
    flask_migrate.upgrade(revision=migration.revision)
    assert _missing(before, _rows(), migration) == {}
    _fill_and_read()
    flask_migrate.downgrade(revision=earlier)
    assert _missing(before, _rows(), migration) == {}


def _fill_and_read() -> Rows:
    with db.engine.begin() as connection:
        fill_empty_tables(connection)
    rows = _rows()
    assert [table for table in rows if not rows[table]] == []
    return rows


def _rows() -> Rows:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        return read_rows(connection)


def _missing(before: Rows, after: Rows, migration: Script) -> Rows:
    """The rows that are gone, by their table. Columns that came, went or have a new name meanwhile are left out: what a
    renamed one held must be there again after the way back."""
    on_purpose = _ON_PURPOSE.get(migration.revision, {})
    renamed = _RENAMED.get(migration.revision, {})
    missing: Rows = {}
    for table in before.keys() - on_purpose.keys():
        rows = after.get(table) or after.get(renamed.get(table, ""), [])
        columns = before[table][0].keys() & (rows[0].keys() if rows else set())
        columns -= {column for column in columns if f"{table}.{column}" in on_purpose}
        missing[table] = _without_match(before[table], rows, columns)
    return {table: rows for table, rows in missing.items() if rows}


def _without_match(before: list[Row], after: list[Row], columns: set[str]) -> list[Row]:
    """A row of those after stands for one of those before, not for two that look alike."""
    candidates = [{column: row[column] for column in columns} for row in after]
    missing = []
    for row in before:
        part = {column: row[column] for column in columns}
        if part in candidates:
            candidates.remove(part)
        else:
            missing.append(row)
    return missing
