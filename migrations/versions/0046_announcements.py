"""A lead's own message may also stand on top of the feed until a day."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_SHOWN = sa.text("shown_until is not null")


def upgrade() -> None:
    with op.batch_alter_table("own_message") as batch:
        batch.add_column(sa.Column("shown_until", sa.Date(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_own_message_shown_to_places"),
            "shown_until is null or audience in ('everybody', 'municipalities')",
        )
    op.create_index(
        "ix_own_message_shown", "own_message", ["shown_until"], sqlite_where=_SHOWN, postgresql_where=_SHOWN
    )


def downgrade() -> None:
    op.drop_index("ix_own_message_shown", "own_message")
    with op.batch_alter_table("own_message") as batch:
        batch.drop_constraint(op.f("ck_own_message_shown_to_places"), type_="check")
        batch.drop_column("shown_until")
