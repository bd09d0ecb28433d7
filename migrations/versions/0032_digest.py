"""The digest by mail: what it has told of, what it will tell of, who takes it, and mails with an HTML part."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_NOT_DIGESTED = {"sqlite_where": "read_at is null and is_digested = 0",
                 "postgresql_where": "read_at is null and not is_digested"}


def upgrade() -> None:
    # What there is was told of before there were digests: nobody is mailed of it now.
    _add("notification", sa.Column("is_digested", sa.Boolean(), server_default=sa.true(), nullable=False))
    _add("person", sa.Column("takes_digest", sa.Boolean(), server_default=sa.true(), nullable=False))
    _add("mail", sa.Column("html", sa.String(), server_default="", nullable=False))
    op.add_column("mail", sa.Column("contents", sa.JSON(), nullable=True))
    op.create_index("ix_mail_to", "mail", ["to"])
    op.create_index(
        "ix_notification_not_digested",
        "notification",
        ["person_id", "created_at"],
        **{engine: sa.text(rule) for engine, rule in _NOT_DIGESTED.items()},
    )


def downgrade() -> None:
    op.drop_index("ix_notification_not_digested", table_name="notification")
    op.drop_index("ix_mail_to", table_name="mail")
    for table, column in (
        ("mail", "contents"),
        ("mail", "html"),
        ("person", "takes_digest"),
        ("notification", "is_digested"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)


def _add(table: str, column: sa.Column) -> None:
    """What the rows that there are get is no default of those to come."""
    op.add_column(table, column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column.name, server_default=None)
