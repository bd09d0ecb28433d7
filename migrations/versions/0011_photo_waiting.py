"""A picture is a row from the moment when it arrives: it waits to be prepared, is prepared, or is refused."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WAITING = sa.text("due_at is not null")


def upgrade() -> None:
    with op.batch_alter_table("photo") as batch:
        batch.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("refusal", sa.String(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_photo_refusal"), "refusal in ('not_an_image', 'too_large', 'too_many_pixels')"
        )
        batch.create_check_constraint(
            op.f("ck_photo_waiting_or_refused"), "(due_at is null or refusal is null) <> false"
        )
    with op.batch_alter_table("photo") as batch:
        batch.alter_column("attempts", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    op.create_index("ix_photo_waiting", "photo", ["due_at"], sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.create_index("ix_photo_waiting_by", "photo", ["by_id", "id"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    op.drop_index("ix_photo_waiting_by", "photo")
    op.drop_index("ix_photo_waiting", "photo")
    # What is not prepared has no place in the older table.
    op.execute("delete from photo where due_at is not null or refusal is not null")
    with op.batch_alter_table("photo") as batch:
        batch.drop_constraint(op.f("ck_photo_waiting_or_refused"), type_="check")
        batch.drop_constraint(op.f("ck_photo_refusal"), type_="check")
        batch.drop_column("refusal")
        batch.drop_column("attempts")
        batch.drop_column("due_at")
