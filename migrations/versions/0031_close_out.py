"""What came in between where nothing was carried out, and what was answered to "Hur gick det?" with one tap."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hindrance", sa.String(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_outcome_hindrance"), "hindrance in ('time', 'nobody_came', 'decision', 'other')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_outcome_hindrance_only_if_not_carried_out"), "not carried_out or hindrance is null"
        )
    op.create_table(
        "close_out",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("stamp", sa.String(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("choice in ('done', 'moved', 'not')", name=op.f("ck_close_out_choice")),
        sa.CheckConstraint(
            "(choice = 'moved') = (moved_to is not null)", name=op.f("ck_close_out_moved_somewhere")
        ),
        sa.CheckConstraint(
            "(stamp is null) <> (moved_to is null)", name=op.f("ck_close_out_reported_or_moved")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_close_out_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_close_out_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "day", name=op.f("pk_close_out")),
    )
    op.create_index("ix_close_out_person_id", "close_out", ["person_id"])


def downgrade() -> None:
    op.drop_table("close_out")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outcome_hindrance_only_if_not_carried_out"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_outcome_hindrance"), type_="check")
        batch_op.drop_column("hindrance")
