"""What the programme wants looked at before it is published: decisions by its rule, and what is told only then."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_EARLIER = ("keep", "ask", "hide", "restore", "uphold", "reopen", "set_aside", "withhold", "release", "merge")
_VERDICTS = (*_EARLIER, "check", "publish")


def upgrade() -> None:
    with _unguarded():
        _allow(_VERDICTS, "(by_id is null) = (verdict in ('set_aside', 'check')) or verdict = 'publish'")
    with op.batch_alter_table("held_notice") as batch:
        batch.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=True)
    with op.batch_alter_table("removal") as batch:
        batch.add_column(sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("removal") as batch:
        batch.alter_column("waits", existing_type=sa.Boolean(), server_default=None)
    on_sqlite, on_postgresql = sa.text("waits = 1"), sa.text("waits")
    op.create_index(
        "ix_removal_waiting", "removal", ["at"], sqlite_where=on_sqlite, postgresql_where=on_postgresql
    )


def downgrade() -> None:
    """What earlier code does not know becomes what is nearest: what waits is set aside, what was published is kept."""
    op.drop_index("ix_removal_waiting", "removal")
    with op.batch_alter_table("removal") as batch:
        batch.drop_column("waits")
    op.execute("delete from held_notice where due_at is null")
    with op.batch_alter_table("held_notice") as batch:
        batch.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with _unguarded():
        op.execute(
            "update decision set verdict = 'keep', by_id = coalesce(by_id, (select min(id) from person)) "
            "where verdict = 'publish'"
        )
        with op.batch_alter_table("decision") as batch:
            batch.drop_constraint(op.f("ck_decision_by_somebody"), type_="check")
        op.execute("update decision set verdict = 'set_aside' where verdict = 'check'")
        with op.batch_alter_table("decision") as batch:
            batch.create_check_constraint(op.f("ck_decision_by_somebody"), "verdict is not null")
        _allow(_EARLIER, "(by_id is null) = (verdict = 'set_aside')")


def _allow(verdicts: tuple[str, ...], by_somebody: str) -> None:
    words = ", ".join(f"'{word}'" for word in verdicts)
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("ck_decision_verdict"), type_="check")
        batch.create_check_constraint(op.f("ck_decision_verdict"), f"verdict in ({words})")
        batch.drop_constraint(op.f("ck_decision_by_somebody"), type_="check")
        batch.create_check_constraint(op.f("ck_decision_by_somebody"), by_somebody)


@contextmanager
def _unguarded() -> Iterator[None]:
    """SQLite drops the table's triggers with the table that a copy takes the place of, and refuses to rename one that
    another table's trigger names, so all are made anew as they were."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE decision DISABLE TRIGGER USER")
        yield
        op.execute("ALTER TABLE decision ENABLE TRIGGER USER")
        return
    triggers = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _statement in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, statement in triggers:
        op.get_bind().exec_driver_sql(statement)
