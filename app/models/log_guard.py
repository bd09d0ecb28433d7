"""What keeps moderation's log as it was written, whoever connects: the database itself refuses to change or delete it.

A decision, where it is listed, and a moderator's note stay as they are; of a picture that its author has removed the
number is forgotten. What somebody flagged, and what an author
answered, may be worded anew while it is open; afterwards only which decision settled it changes, when that is undone.
All of it goes with the thing that it is about, and only so: that is how a disposal plan is carried out.

SQLite drops a table's triggers when a batch operation puts a copy in its place; whatever migration does so makes them
anew.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Table, event

from app.extensions import Model

#: What the database says.
REFUSAL: Final = "the log of moderation is not changed"
#: By table: the row without which it may go, as (table, its column here).
_GOES_WITH: Final = {
    "decision": ("contribution", "contribution_id"),
    "decision_municipality": ("decision", "decision_id"),
    "moderator_note": ("contribution", "contribution_id"),
    "flag": ("contribution", "contribution_id"),
    "appeal": ("contribution", "contribution_id"),
}
#: Of what may be worded anew: the columns that never change, the one that says it is settled, and those that stay from
#: then on. Of the other tables nothing changes.
_WORDED_ANEW: Final = {
    "flag": (("id", "contribution_id", "by_id", "at"), "decision_id", ("reason", "text")),
    "appeal": (
        ("id", "contribution_id", "decision_id"),
        "settled_by_id",
        ("by_id", "is_changed", "text", "at"),
    ),
}
#: Of a decision about a picture its number alone is forgotten, when its author removes the picture.
_FORGETS: Final = {
    "decision": (
        (
            "id",
            "contribution_id",
            "by_id",
            "verdict",
            "reason",
            "text",
            "at",
            "after_rest_id",
            "limits_until",
        ),
        "photo_id",
    )
}


def guard(dialect: str) -> list[str]:
    """The statements that make the triggers, in their order; a second time they change nothing."""
    return list(_on_postgresql() if dialect == "postgresql" else _on_sqlite())


def _on_sqlite() -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table, (parent, column) in _GOES_WITH.items():
        when = _changes(table, "IS NOT")
        is_there = f"EXISTS (SELECT 1 FROM {parent} WHERE id = OLD.{column})"  # noqa: S608
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_unchanged BEFORE UPDATE ON {table}{when} {refuse}"
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_kept BEFORE DELETE ON {table} WHEN {is_there} {refuse}"
        # INSERT OR REPLACE would delete without a trigger.
        is_again = f"EXISTS (SELECT 1 FROM {table} WHERE {_same_row(table)})"  # noqa: S608
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_once BEFORE INSERT ON {table} WHEN {is_again} {refuse}"


def _on_postgresql() -> Iterator[str]:
    refuse = f"RAISE EXCEPTION '{REFUSAL}';"
    yield _function("refuse_change_of_log", refuse)
    for table, (parent, column) in _GOES_WITH.items():
        when = _changes(table, "IS DISTINCT FROM")
        is_there = f"EXISTS (SELECT 1 FROM {parent} WHERE id = OLD.{column})"  # noqa: S608
        yield _function(f"keep_{table}", f"IF {is_there} THEN {refuse} END IF; RETURN OLD;")
        yield _trigger(
            table, "unchanged", f"BEFORE UPDATE ON {table} FOR EACH ROW{when}", "refuse_change_of_log"
        )
        yield _trigger(table, "kept", f"BEFORE DELETE ON {table} FOR EACH ROW", f"keep_{table}")
        yield _trigger(
            table, "whole", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", "refuse_change_of_log"
        )


def _changes(table: str, differs: str) -> str:
    """The trigger's condition; none where no change is right."""
    if table in _FORGETS:
        stays, forgotten = _FORGETS[table]
        differ = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in stays)
        return (
            f" WHEN ({differ} OR (NEW.{forgotten} IS NOT NULL AND OLD.{forgotten} {differs} NEW.{forgotten}))"
        )
    if table not in _WORDED_ANEW:
        return ""
    always, settled, then = _WORDED_ANEW[table]
    never = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in always)
    late = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in then)
    return f" WHEN ({never} OR (OLD.{settled} IS NOT NULL AND ({late})))"


def _same_row(table: str) -> str:
    if table == "decision_municipality":
        return "municipality_id = NEW.municipality_id AND decision_id = NEW.decision_id"
    return "id = NEW.id"


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _trigger(table: str, name: str, times: str, function: str) -> str:
    return f"CREATE OR REPLACE TRIGGER {table}_{name} {times} EXECUTE FUNCTION {function}()"


@event.listens_for(Model.metadata, "after_create")
def _guard_new_tables(_target: Any, connection: Connection, tables: list[Table], **_: Any) -> None:
    if {table.name for table in tables} >= set(_GOES_WITH):
        for statement in guard(connection.dialect.name):
            connection.exec_driver_sql(statement)
