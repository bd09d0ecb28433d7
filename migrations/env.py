"""Runs the migrations on the application's own engine; `flask --app wsgi db upgrade` starts it."""

from alembic import context
from alembic.operations.ops import MigrationScript
from flask import current_app

from app.extensions import UTCDateTime, db


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """A migration must read the same when our own types have changed since: it names only SQLAlchemy's."""
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
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("The migrations ask the database what it holds: run them against one, without --sql.")
run()
