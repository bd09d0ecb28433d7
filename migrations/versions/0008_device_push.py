"""A device remembers what its person chose about pushes, and has one subscription, made with a key that is known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SURPLUS = (
    "select id from push_subscription where id not in "
    "(select max(id) from push_subscription group by device_session_id)"
)


def upgrade() -> None:
    with op.batch_alter_table("device_session") as batch:
        batch.add_column(sa.Column("push_choice", sa.String(), nullable=True))
        batch.create_check_constraint(op.f("ck_device_session_push_choice"), "push_choice in ('on', 'off')")
    op.execute(
        "update device_session set push_choice = 'on' "
        "where id in (select device_session_id from push_subscription)"
    )
    op.execute(f"delete from delivery where subscription_id in ({_SURPLUS})")  # noqa: S608  our own words
    op.execute(f"delete from push_subscription where id in ({_SURPLUS})")  # noqa: S608  our own words
    op.drop_index("ix_push_subscription_device_session_id", "push_subscription")
    with op.batch_alter_table("push_subscription") as batch:
        batch.add_column(sa.Column("application_server_key", sa.String(), server_default="", nullable=False))
        batch.create_unique_constraint(op.f("uq_push_subscription_device_session_id"), ["device_session_id"])
    with op.batch_alter_table("push_subscription") as batch:
        batch.alter_column("application_server_key", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("push_subscription") as batch:
        batch.drop_constraint(op.f("uq_push_subscription_device_session_id"), type_="unique")
        batch.drop_column("application_server_key")
    op.create_index("ix_push_subscription_device_session_id", "push_subscription", ["device_session_id"])
    with op.batch_alter_table("device_session") as batch:
        batch.drop_constraint(op.f("ck_device_session_push_choice"), type_="check")
        batch.drop_column("push_choice")
