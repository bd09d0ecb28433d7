"""The time of day of a plan; since when a completion waits for a coordinator, and whether it is counted as taken on."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITING = sa.text("waits_since is not null")


def upgrade() -> None:
    with op.batch_alter_table("activity") as batch:
        batch.add_column(sa.Column("starts_at", sa.Time(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_activity_time_of_a_day"), "starts_at is null or planned_for is not null"
        )
    with op.batch_alter_table("undertaking") as batch:
        batch.add_column(sa.Column("is_standing", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("undertaking") as batch:
        batch.alter_column("is_standing", existing_type=sa.Boolean(), server_default=None)
    op.create_index(
        "ix_undertaking_waiting",
        "undertaking",
        ["waits_since", "activity_id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_undertaking_waiting", "undertaking")
    with op.batch_alter_table("undertaking") as batch:
        batch.drop_column("waits_since")
        batch.drop_column("is_standing")
    with op.batch_alter_table("activity") as batch:
        batch.drop_constraint(op.f("ck_activity_time_of_a_day"), type_="check")
        batch.drop_column("starts_at")
