"""Drop `delivered_at` of subscriptions, which nothing reads."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("push_subscription") as batch:
        batch.drop_column("delivered_at")


def downgrade() -> None:
    with op.batch_alter_table("push_subscription") as batch:
        batch.add_column(sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
