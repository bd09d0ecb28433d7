"""The moderation queue, its log, and those who want to be ranked are read by index, however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("settled_by_id is null")


def upgrade() -> None:
    op.create_index("ix_appeal_open", "appeal", ["activity_id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_decision_at_id", "decision", ["at", "id"])
    op.create_index(
        "ix_person_ranked",
        "person",
        ["id"],
        sqlite_where=sa.text("ranked = 1"),
        postgresql_where=sa.text("ranked"),
    )


def downgrade() -> None:
    op.drop_index("ix_person_ranked", "person")
    op.drop_index("ix_decision_at_id", "decision")
    op.drop_index("ix_appeal_open", "appeal")
