"""Cheers, moderation, points and the feed point at contributions, so that they can be about more than activities.

Each activity gets a contribution with the same number, so nothing that points at it has to change its value.
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


class Pointer(NamedTuple):
    """A table whose `activity_id` becomes `contribution_id`."""

    table: str
    ondelete: str | None = "CASCADE"
    indexed: bool = False
    unique: bool = False


_POINTERS = (
    Pointer("cheer"),
    Pointer("withdrawal"),
    Pointer("removal"),
    Pointer("decision", indexed=True),
    Pointer("appeal", indexed=True),
    Pointer("flag", indexed=True),
    Pointer("feed_item", unique=True),
    Pointer("point_entry", ondelete=None, indexed=True),
    Pointer("contribution_municipality"),
)
_RENAMED = (("report", "flag"), ("activity_municipality", "contribution_municipality"))
_OPEN = sa.text("decision_id is null")
_UNSETTLED = sa.text("settled_by_id is null")

def upgrade() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("cheer_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('activity')", name=op.f("ck_contribution_kind")),
        sa.CheckConstraint("cheer_count >= 0", name=op.f("ck_contribution_cheer_count")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_contribution_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("id", "owner_id", name=op.f("uq_contribution_id_owner_id")),
    )
    op.execute(
        "insert into contribution (id, kind, owner_id, cheer_count) "
        "select id, 'activity', owner_id, cheer_count from activity"
    )
    _drop_partial_indexes("activity_id")
    for old, new in _RENAMED:
        _rename_table(old, new)
    for pointer in _POINTERS:
        _point(pointer, "activity", "contribution")
    _create_partial_indexes("contribution_id")
    with op.batch_alter_table("activity") as batch:
        batch.drop_constraint(op.f("ck_activity_cheer_count"), type_="check")
        batch.drop_column("cheer_count")
        batch.create_foreign_key(
            op.f("fk_activity_id_owner_id_contribution"),
            "contribution",
            ["id", "owner_id"],
            ["id", "owner_id"],
            ondelete="CASCADE",
        )
    if _on_postgresql():
        _count_from("contribution", "id")
        op.execute("alter table activity alter column id drop default")
        op.execute("drop sequence if exists activity_id_seq")
    _rename_parameter("activity_id", "contribution_id")


def downgrade() -> None:
    _rename_parameter("contribution_id", "activity_id")
    with op.batch_alter_table("activity") as batch:
        batch.drop_constraint(op.f("fk_activity_id_owner_id_contribution"), type_="foreignkey")
        batch.add_column(sa.Column("cheer_count", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "update activity set cheer_count = "
        "(select cheer_count from contribution where contribution.id = activity.id)"
    )
    with op.batch_alter_table("activity") as batch:
        batch.alter_column("cheer_count", server_default=None, existing_type=sa.Integer(), existing_nullable=False)
        batch.create_check_constraint(op.f("ck_activity_cheer_count"), "cheer_count >= 0")
    if _on_postgresql():
        op.execute("create sequence activity_id_seq owned by activity.id")
        op.execute("alter table activity alter column id set default nextval('activity_id_seq')")
        _count_from("activity", "id")
    _drop_partial_indexes("contribution_id")
    for pointer in _POINTERS:
        _point(pointer, "contribution", "activity")
    for old, new in _RENAMED:
        _rename_table(new, old)
    _create_partial_indexes("activity_id")
    op.drop_table("contribution")


def _point(pointer: Pointer, old: str, new: str) -> None:
    """Let the column of that table refer to `new` instead of `old`."""
    table, (before, after) = pointer.table, (f"{old}_id", f"{new}_id")
    if pointer.indexed:
        op.drop_index(f"ix_{table}_{before}", table)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"fk_{table}_{before}_{old}"), type_="foreignkey")
        if pointer.unique:
            batch.drop_constraint(op.f(f"uq_{table}_{before}"), type_="unique")
            batch.drop_constraint(op.f(f"ck_{table}_one_subject"), type_="check")
        batch.alter_column(before, new_column_name=after, existing_type=sa.Integer())
    # In a batch of its own: Alembic leaves out a key on a column that is renamed in the same batch.
    with op.batch_alter_table(table) as batch:
        batch.create_foreign_key(
            op.f(f"fk_{table}_{after}_{new}"), new, [after], ["id"], ondelete=pointer.ondelete
        )
        if pointer.unique:
            batch.create_unique_constraint(op.f(f"uq_{table}_{after}"), [after])
            one = f"({after} is null) <> (stage_event_id is null)"
            batch.create_check_constraint(op.f(f"ck_{table}_one_subject"), one)
    if pointer.indexed:
        op.create_index(f"ix_{table}_{after}", table, [after])


def _rename_table(old: str, new: str) -> None:
    """Rename the table, and its constraints too, since later migrations refer to them by name."""
    op.rename_table(old, new)
    with op.batch_alter_table(new) as batch:
        for columns, referred in _KEYS[new]:
            batch.drop_constraint(op.f(f"fk_{old}_{columns}_{referred}"), type_="foreignkey")
            cascade = "CASCADE" if columns in ("activity_id", "contribution_id") else None
            batch.create_foreign_key(
                op.f(f"fk_{new}_{columns}_{referred}"), referred, [columns], ["id"], ondelete=cascade
            )
        batch.drop_constraint(op.f(f"pk_{old}"), type_="primary")
        batch.create_primary_key(op.f(f"pk_{new}"), _PRIMARY_KEYS[new])
        if "flag" in (old, new):
            batch.drop_constraint(op.f(f"ck_{old}_reason"), type_="check")
            reasons = "reason in ('consent', 'personal_data', 'tone', 'off_topic', 'other')"
            batch.create_check_constraint(op.f(f"ck_{new}_reason"), reasons)
    for index, columns in _INDEXES[new]:
        op.drop_index(f"ix_{old}_{index}", new)
        op.create_index(f"ix_{new}_{index}", new, columns)
    if _on_postgresql() and "flag" in (old, new):
        op.execute(f"alter sequence {old}_id_seq rename to {new}_id_seq")


_FLAG_KEYS = (("by_id", "person"), ("decision_id", "decision"))
_KEYS = {
    "flag": (("activity_id", "activity"), *_FLAG_KEYS),
    "report": (("activity_id", "activity"), *_FLAG_KEYS),
    "contribution_municipality": (("activity_id", "activity"), ("municipality_id", "municipality")),
    "activity_municipality": (("activity_id", "activity"), ("municipality_id", "municipality")),
}
_PRIMARY_KEYS = {
    "flag": ["id"],
    "report": ["id"],
    "contribution_municipality": ["activity_id", "municipality_id"],
    "activity_municipality": ["activity_id", "municipality_id"],
}
_INDEXES = {
    "flag": (("activity_id", ["activity_id"]), ("decision_id", ["decision_id"])),
    "report": (("activity_id", ["activity_id"]), ("decision_id", ["decision_id"])),
    "contribution_municipality": (("municipality_id", ["municipality_id"]),),
    "activity_municipality": (("municipality_id", ["municipality_id"]),),
}


def _drop_partial_indexes(column: str) -> None:
    op.drop_index("ix_appeal_open", "appeal")
    table = "report" if column == "activity_id" else "flag"
    op.drop_index(f"uq_{table}_open", table)


def _create_partial_indexes(column: str) -> None:
    op.create_index("ix_appeal_open", "appeal", [column], sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED)
    table = "report" if column == "activity_id" else "flag"
    op.create_index(
        f"uq_{table}_open",
        table,
        [column, "by_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _rename_parameter(old: str, new: str) -> None:
    """Rename a key in the JSON of notifications."""
    text = "parameters::text" if _on_postgresql() else "parameters"
    back = "::json" if _on_postgresql() else ""
    op.execute(
        sa.text(f"update notification set parameters = replace({text}, :old, :new){back} where {text} like :holding")
        .bindparams(old=f'"{old}":', new=f'"{new}":', holding=f'%"{old}":%')
    )  # fmt: skip


def _count_from(table: str, column: str) -> None:
    """Let PostgreSQL continue after the largest number in the table."""
    largest = f"(select coalesce(max({column}), 0) + 1 from {table})"
    op.execute(f"select setval(pg_get_serial_sequence('{table}', '{column}'), {largest}, false)")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
