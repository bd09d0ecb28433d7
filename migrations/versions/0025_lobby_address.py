"""The address of the screens in lobbies, and what was lifted as a model by its date, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lobby_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_lobby_address_only_one")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_lobby_address_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lobby_address")),
        sa.UniqueConstraint("secret", name=op.f("uq_lobby_address_secret")),
    )
    op.create_index("ix_best_practice_at", "best_practice", ["at", "contribution_id"])


def downgrade() -> None:
    op.drop_index("ix_best_practice_at", "best_practice")
    op.drop_table("lobby_address")
