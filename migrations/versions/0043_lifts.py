"""What coordinators put right: value and focus area, and doubles that are made one."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_EARLIER_VERDICTS = ("keep", "ask", "hide", "restore", "uphold", "reopen", "set_aside", "withhold", "release")
_VERDICTS = (*_EARLIER_VERDICTS, "merge")


def upgrade() -> None:
    _allow(_VERDICTS)
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_value_id", sa.Integer(), nullable=False),
        sa.Column("to_value_id", sa.Integer(), nullable=False),
        sa.Column("from_focus_area_id", sa.Integer(), nullable=False),
        sa.Column("to_focus_area_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_value_id <> to_value_id or from_focus_area_id <> to_focus_area_id",
            name=op.f("ck_correction_changes_something"),
        ),
        _belongs("correction", "activity_id", "activity", ondelete="CASCADE"),
        _belongs("correction", "by_id", "person"),
        _belongs("correction", "from_value_id", "value"),
        _belongs("correction", "to_value_id", "value"),
        _belongs("correction", "from_focus_area_id", "focus_area"),
        _belongs("correction", "to_focus_area_id", "focus_area"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_activity_id_id", "correction", ["activity_id", "id"])
    op.create_table(
        "double",
        sa.Column("activity_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.CheckConstraint("activity_id <> kept_id", name=op.f("ck_double_not_of_itself")),
        _belongs("double", "activity_id", "activity", ondelete="CASCADE"),
        _belongs("double", "kept_id", "activity", ondelete="CASCADE"),
        _belongs("double", "decision_id", "decision", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_double")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_double_decision_id")),
    )
    op.create_index(op.f("ix_double_kept_id"), "double", ["kept_id"])


def downgrade() -> None:
    op.drop_table("double")
    op.drop_table("correction")
    op.execute("update decision set verdict = 'hide', reason = 'other' where verdict = 'merge'")
    _allow(_EARLIER_VERDICTS)


def _allow(verdicts: tuple[str, ...]) -> None:
    words = ", ".join(f"'{verdict}'" for verdict in verdicts)
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("ck_decision_verdict"), type_="check")
        batch.create_check_constraint(op.f("ck_decision_verdict"), f"verdict in ({words})")


def _belongs(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
