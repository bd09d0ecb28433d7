"""What comes of a completion that was sent back, and which challenges keep to the days of their stage."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("challenge_review") as batch:
        batch.add_column(sa.Column("changed", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("answer", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("challenge_review") as batch:
        batch.alter_column("changed", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("answer", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("challenge") as batch:
        batch.add_column(sa.Column("opens_with_stage", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("closes_with_stage", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("challenge") as batch:
        batch.alter_column("opens_with_stage", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("closes_with_stage", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("challenge") as batch:
        batch.drop_column("closes_with_stage")
        batch.drop_column("opens_with_stage")
    with op.batch_alter_table("challenge_review") as batch:
        batch.drop_column("answer")
        batch.drop_column("changed")
