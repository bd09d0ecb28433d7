"""Runs the migrations on the application's own engine; `flask --app wsgi db upgrade` starts it."""

import sqlite3

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.util import CommandError
from flask import current_app

from app.extensions import UTCDateTime, db

MOST_LISTED = 20


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """A migration names only SQLAlchemy's types, so that it stays the same when our own types change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def leave_out_empty(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """`flask db migrate` writes no file when nothing has changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives.clear()


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            process_revision_directives=leave_out_empty,
            transactional_ddl=True,
            **current_app.extensions["migrate"].configure_args,
        )
        raw = connection.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection):
            migrate_sqlite(raw)
        else:
            migrate()


def migrate() -> None:
    with context.begin_transaction():
        context.run_migrations()


def migrate_sqlite(raw: sqlite3.Connection) -> None:
    """To change a table, a batch operation drops it and puts a copy in its place. With foreign keys on, that deletes
    the rows that refer to it, so they are turned off, and checked before the commit.

    All statements here go to the driver's connection. Through SQLAlchemy's they would begin a transaction, which
    Alembic would then leave to its caller to commit.
    """
    raw.execute("PRAGMA foreign_keys=OFF")  # within a transaction it would do nothing
    try:
        with context.begin_transaction():
            raw.execute("BEGIN IMMEDIATE")  # Python's sqlite3 begins by itself for rows only, not for tables
            context.run_migrations()
            refuse_dangling_rows(raw)
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def refuse_dangling_rows(raw: sqlite3.Connection) -> None:
    rows = raw.execute("PRAGMA foreign_key_check").fetchall()
    if not rows:
        return
    lines = [
        f"  {table}, {'a row' if rowid is None else f'row {rowid}'}: not in {parent}"
        for table, rowid, parent, _ in rows[:MOST_LISTED]
    ]
    if len(rows) > MOST_LISTED:
        lines.append(f"  and {len(rows) - MOST_LISTED} more")
    raise CommandError(
        "\n".join(["The database was left as it was: these would refer to rows that are not there.", *lines])
    )


if context.is_offline_mode():
    raise SystemExit("The migrations ask the database what it holds: run them against one, without --sql.")
run()
