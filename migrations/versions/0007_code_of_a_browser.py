"""Tie each code to sign in with to the browser that asked for it. Codes that are open now belong to none: ask anew."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_code") as batch:
        # No browser has an empty hash.
        batch.add_column(sa.Column("browser_hash", sa.String(), nullable=False, server_default=""))
        batch.drop_index("ix_sign_in_code_email")
        batch.create_index("ix_sign_in_code_browser_hash", ["browser_hash"])
        batch.drop_column("used_at")
    with op.batch_alter_table("sign_in_code") as batch:
        batch.alter_column("browser_hash", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("sign_in_code") as batch:
        batch.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_index("ix_sign_in_code_browser_hash")
        batch.create_index("ix_sign_in_code_email", ["email"])
        batch.drop_column("browser_hash")
