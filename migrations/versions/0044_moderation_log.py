"""Moderation's log, which the database keeps as it was written, and what is told of a decision later."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_REFUSAL = "the log of moderation is not changed"
#: By table: what it goes with, and what no change is allowed to do. As in app/models/log_guard.py at this revision.
_TABLES = {
    "decision": ("contribution", "contribution_id", "id = NEW.id"),
    "decision_municipality": (
        "decision",
        "decision_id",
        "municipality_id = NEW.municipality_id AND decision_id = NEW.decision_id",
    ),
    "moderator_note": ("contribution", "contribution_id", "id = NEW.id"),
    "flag": ("contribution", "contribution_id", "id = NEW.id"),
    "appeal": ("contribution", "contribution_id", "id = NEW.id"),
}
_WORDED_ANEW = {
    "flag": (("id", "contribution_id", "by_id", "at"), "decision_id", ("reason", "text")),
    "appeal": (
        ("id", "contribution_id", "decision_id"),
        "settled_by_id",
        ("by_id", "is_changed", "text", "at"),
    ),
}
_FORGETS = {
    "decision": (
        ("id", "contribution_id", "by_id", "verdict", "reason", "text", "at", "after_rest_id", "limits_until"),
        "photo_id",
    )
}


def upgrade() -> None:
    op.create_table(
        "held_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("asked_for", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_held_notice_decision_id_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_notice")),
    )
    op.create_index("ix_held_notice_decision_id", "held_notice", ["decision_id"])
    op.create_index("ix_held_notice_due_at", "held_notice", ["due_at"])
    for statement in _on_postgresql() if _is_postgresql() else _on_sqlite():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("held_notice")
    for table in _TABLES:
        if _is_postgresql():
            for name in ("unchanged", "kept", "whole"):
                op.execute(f"DROP TRIGGER {table}_{name} ON {table}")
            op.execute(f"DROP FUNCTION keep_{table}()")
        else:
            for name in ("unchanged", "kept", "once"):
                op.execute(f"DROP TRIGGER {table}_{name}")
    if _is_postgresql():
        op.execute("DROP FUNCTION refuse_change_of_log()")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _on_sqlite() -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for table, (parent, column, same_row) in _TABLES.items():
        when = _changes(table, "IS NOT")
        is_there = f"EXISTS (SELECT 1 FROM {parent} WHERE id = OLD.{column})"
        yield f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}{when} {refuse}"
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN {is_there} {refuse}"
        yield (
            f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_row}) {refuse}"
        )


def _on_postgresql() -> Iterator[str]:
    yield _function("refuse_change_of_log", f"RAISE EXCEPTION '{_REFUSAL}';")
    for table, (parent, column, _same_row) in _TABLES.items():
        when = _changes(table, "IS DISTINCT FROM")
        yield _function(
            f"keep_{table}",
            f"IF EXISTS (SELECT 1 FROM {parent} WHERE id = OLD.{column}) THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; "
            "RETURN OLD;",
        )
        for name, times, function in (
            ("unchanged", f"BEFORE UPDATE ON {table} FOR EACH ROW{when}", "refuse_change_of_log"),
            ("kept", f"BEFORE DELETE ON {table} FOR EACH ROW", f"keep_{table}"),
            ("whole", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", "refuse_change_of_log"),
        ):
            yield f"CREATE TRIGGER {table}_{name} {times} EXECUTE FUNCTION {function}()"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _changes(table: str, differs: str) -> str:
    if table in _FORGETS:
        stays, forgotten = _FORGETS[table]
        differ = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in stays)
        return f" WHEN ({differ} OR (NEW.{forgotten} IS NOT NULL AND OLD.{forgotten} {differs} NEW.{forgotten}))"
    if table not in _WORDED_ANEW:
        return ""
    always, settled, then = _WORDED_ANEW[table]
    never = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in always)
    late = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in then)
    return f" WHEN ({never} OR (OLD.{settled} IS NOT NULL AND ({late})))"
