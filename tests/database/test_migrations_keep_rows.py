"""Every migration, there and back, with rows in every table, on either engine: nothing is lost but on purpose."""

import json
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text

from app.extensions import db
from tests.database.conftest import Migrate
from tests.database.rows import Row, Rows, fill_empty_tables, read_rows

# What a migration takes away or writes anew on purpose, and why. Only what is named here is not looked for afterwards:
#     {"0007": {"job_run": "begins anew", "person.theme": "the third theme becomes the first"}}
_ON_PURPOSE: dict[str, dict[str, str]] = {
    "0005": {"push_subscription.delivered_at": "nobody read it"},
    "0007": {"sign_in_code.used_at": "a code is used once its session has begun"},
    "0009": {"person.name_key": "made anew from the name on the way back"},
    "0014": {"tip.id": "becomes the number of its contribution"},
    "0021": {
        "tip.heeded_count": "counted again, without the author's own plans",
        "tip.helped_count": "counted again",
        "tip.rank": "follows from both",
    },
    "0023": {"person.ranked": "whoever has left, or is of the office, is shown no more"},
    "0027": {"person.muted_kinds": "a whole group is off if any of its kinds was"},
}

# Tables that a migration gives another name; their rows are looked for there.
_RENAMED = {"0004": {"report": "flag", "activity_municipality": "contribution_municipality"}}

# Columns that a migration gives another name; their values are looked for there.
_RENAMED_COLUMNS = {"0004": {"activity_id": "contribution_id"}, "0014": {"by_id": "owner_id"}}

_SCRIPTS = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))
_MIGRATIONS = list(_SCRIPTS.walk_revisions())[::-1]


@pytest.mark.parametrize("migration", _MIGRATIONS, ids=[script.revision for script in _MIGRATIONS])
def test_a_migration_keeps_every_row(migration: Script, migrate: Migrate) -> None:
    earlier = str(migration.down_revision or "base")
    if migration.down_revision:
        migrate(earlier)
    before = _fill_and_read()
    flask_migrate.upgrade(revision=migration.revision)
    assert _missing(before, _rows(), migration) == {}
    _fill_and_read()
    flask_migrate.downgrade(revision=earlier)
    assert _missing(before, _rows(), migration) == {}


def _fill_and_read() -> Rows:
    with db.engine.begin() as connection:
        rows = fill_empty_tables(connection)
        _check_references(connection)
    assert [table for table in rows if not rows[table]] == []
    return rows


def _rows() -> Rows:
    with db.engine.connect() as connection:
        _check_references(connection)
        return read_rows(connection)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def _missing(before: Rows, after: Rows, migration: Script) -> Rows:
    """The rows that are gone, by their table. Columns that came or went meanwhile are left out."""
    on_purpose = _ON_PURPOSE.get(migration.revision, {})
    renamed = _RENAMED.get(migration.revision, {})
    missing: Rows = {}
    for table in before.keys() - on_purpose.keys():
        rows = after.get(table) or after.get(renamed.get(table, ""), [])
        rows = [_under_old_names(row, before[table][0], migration) for row in rows]
        columns = before[table][0].keys() & (rows[0].keys() if rows else set())
        columns -= {column for column in columns if f"{table}.{column}" in on_purpose}
        missing[table] = _without_match(before[table], rows, columns)
    return {table: rows for table, rows in missing.items() if rows}


def _under_old_names(row: Row, earlier: Row, migration: Script) -> Row:
    """The row as it was called before, where the earlier one has the old name and not the new."""
    names = _RENAMED_COLUMNS.get(migration.revision, {})
    old_names = {new: old for old, new in names.items() if old in earlier and new not in earlier}
    return {old_names.get(column, column): value for column, value in row.items()}


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


def test_a_notification_names_what_it_is_about_as_the_code_reads_it(migrate: Migrate) -> None:
    migrate("0003")
    _fill_and_read()
    _name_in_notifications('{"activity_id": 7, "title": "\\"activity_id\\": 8"}')
    for revision, name in (("0004", "contribution_id"), ("0003", "activity_id")):
        step = flask_migrate.upgrade if revision == "0004" else flask_migrate.downgrade
        step(revision=revision)
        assert _named_in_notifications() == [{name: 7, "title": '"activity_id": 8'}] * 2


def _name_in_notifications(parameters: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            text("update notification set parameters = :parameters"), {"parameters": parameters}
        )


def _named_in_notifications() -> list[Any]:
    with db.engine.connect() as connection:
        rows = connection.execute(text("select parameters from notification")).scalars().all()
    return [json.loads(row) if isinstance(row, str) else row for row in rows]


_ABOUT_COMMENTS = (
    "appeal",
    "flag",
    "removal",
    "decision",
    "withdrawal",
    "cheer",
    "contribution_municipality",
)
#: By the migration that brought a kind: what it is called, and what can be about it.
_BROUGHT = {
    "0035": ("comment", _ABOUT_COMMENTS),
    "0041": ("thanks", (*_ABOUT_COMMENTS, "moderator_note", "reading")),
}


@pytest.mark.parametrize("revision", _BROUGHT)
def test_a_kind_goes_with_all_that_is_about_it_and_nothing_else_goes(migrate: Migrate, revision: str) -> None:
    kind, about_it = _BROUGHT[revision]
    migrate(revision)
    before = _fill_and_read()
    _make_the_last_one(kind, about_it, list(before["contribution"][0]))
    flask_migrate.downgrade(revision=str(_SCRIPTS.get_revision(revision).down_revision))
    after = _rows()
    columns = after["contribution"][0]
    assert after["contribution"] == [{name: row[name] for name in columns} for row in before["contribution"]]
    for table in about_it:
        (first, last) = before[table]
        assert (table, after[table]) == (table, [first])
        assert last["contribution_id"] != first["contribution_id"]
    assert after["decision_municipality"] == before["decision_municipality"][:1]


def _make_the_last_one(kind: str, about_it: tuple[str, ...], columns: list[str]) -> None:
    """One of that kind without anything but what was about the last contribution."""
    its_own = {"id": "id + 1", "kind": f"'{kind}'"}
    values = [its_own.get(column, column) for column in columns]
    with db.engine.begin() as connection:
        last = connection.execute(text("select max(id) from contribution")).scalar()
        connection.execute(
            text(
                f"insert into contribution ({', '.join(columns)}) "
                f"select {', '.join(values)} from contribution where id = :last"
            ),
            {"last": last},
        )
        for table in about_it:
            statement = f"update {table} set contribution_id = :last + 1 where contribution_id = :last"
            connection.execute(text(statement), {"last": last})
