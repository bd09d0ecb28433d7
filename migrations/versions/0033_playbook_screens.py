"""What came of each step of the playbook, as sums; steps that a lead has switched off or worded anew."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_SUMS = ("opened", "switched_off")


def upgrade() -> None:
    _add_sums()
    op.create_table(
        "step_off",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_step_off_by_id_person")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_step_off_stage_id_stage")),
        sa.PrimaryKeyConstraint("stage_id", "step", name=op.f("pk_step_off")),
    )
    op.create_table(
        "step_text",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_step_text_by_id_person")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_step_text_stage_id_stage")),
        sa.PrimaryKeyConstraint("stage_id", "step", name=op.f("pk_step_text")),
    )
    op.create_index("ix_outcome_by_id_at", "outcome", ["by_id", "at"])


def _add_sums() -> None:
    """Nobody has counted what was opened before: it begins at none."""
    with op.batch_alter_table("playbook_run") as batch:
        for name in _SUMS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("acted", sa.Integer(), nullable=True))
    with op.batch_alter_table("playbook_run") as batch:
        for name in _SUMS:
            batch.alter_column(name, existing_type=sa.Integer(), server_default=None)
        for name in (*_SUMS, "acted"):
            batch.create_check_constraint(op.f(f"ck_playbook_run_{name}"), f"{name} >= 0")


def downgrade() -> None:
    op.drop_index("ix_outcome_by_id_at", "outcome")
    op.drop_table("step_text")
    op.drop_table("step_off")
    with op.batch_alter_table("playbook_run") as batch:
        for name in (*_SUMS, "acted"):
            batch.drop_constraint(op.f(f"ck_playbook_run_{name}"), type_="check")
            batch.drop_column(name)
