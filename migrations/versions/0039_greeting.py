"""A coordinator's hello to the quiet of a municipality, once a week."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_EARLIER = ("everybody", "roles", "municipalities", "without_plan", "overdue")


def upgrade() -> None:
    _allow((*_EARLIER, "quiet"))
    op.create_table(
        "greeting",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_greeting_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["own_message.id"], name=op.f("fk_greeting_message_id_own_message")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "week", name=op.f("pk_greeting")),
        sa.UniqueConstraint("message_id", name=op.f("uq_greeting_message_id")),
    )


def downgrade() -> None:
    """What was said to the quiet becomes what was said to their municipality."""
    op.drop_table("greeting")
    op.execute("update own_message set audience = 'municipalities' where audience = 'quiet'")
    _allow(_EARLIER)


def _allow(audiences: tuple[str, ...]) -> None:
    words = ", ".join(f"'{word}'" for word in audiences)
    with op.batch_alter_table("own_message") as batch:
        batch.drop_constraint(op.f("ck_own_message_audience"), type_="check")
        batch.create_check_constraint(op.f("ck_own_message_audience"), f"audience in ({words})")
