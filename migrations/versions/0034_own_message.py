"""What leads write to an audience of their own choice. What came of it is counted in playbook_run."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_WAITING = sa.text("finished_at is null and taken_back_at is null")


def upgrade() -> None:
    op.create_table(
        "own_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("municipality_ids", sa.JSON(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "audience in ('everybody', 'roles', 'municipalities', 'without_plan', 'overdue')",
            name=op.f("ck_own_message_audience"),
        ),
        sa.CheckConstraint(
            "(taken_back_at is null or begun_at is null) <> false", name=op.f("ck_own_message_taken_back_or_begun")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_own_message_by_id_person")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_own_message_stage_id_stage")),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"], ["person.id"], name=op.f("fk_own_message_taken_back_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_message")),
        sa.UniqueConstraint("by_id", "request_key", name=op.f("uq_own_message_by_id_request_key")),
    )
    op.create_index("ix_own_message_stage_id_id", "own_message", ["stage_id", "id"])
    op.create_index(
        "ix_own_message_waiting", "own_message", ["due_at"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )


def downgrade() -> None:
    op.drop_table("own_message")
