"""The feed announces challenges."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _kinds("'planned', 'reported', 'stage', 'challenge'")


def downgrade() -> None:
    op.execute("delete from feed_item where kind = 'challenge'")
    _kinds("'planned', 'reported', 'stage'")


def _kinds(words: str) -> None:
    with op.batch_alter_table("feed_item") as batch:
        batch.drop_constraint(op.f("ck_feed_item_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_feed_item_kind"), f"kind in ({words})")
