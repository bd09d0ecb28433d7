"""What comes of a completion that was sent back, which challenges keep to the days of their stage, and of tips that helped
only those whose activity was carried out."""

from datetime import UTC, datetime
from math import log2
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("challenge_review") as batch:
        batch.add_column(sa.Column("changed", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("answer", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("challenge_review") as batch:
        batch.alter_column("changed", existing_type=sa.JSON(), server_default=None)
        batch.alter_column("answer", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("challenge") as batch:
        batch.add_column(sa.Column("opens_with_stage", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("closes_with_stage", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("challenge") as batch:
        batch.alter_column("opens_with_stage", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("closes_with_stage", existing_type=sa.Boolean(), server_default=None)
    _recount_what_helped()


def downgrade() -> None:
    with op.batch_alter_table("challenge") as batch:
        batch.drop_column("closes_with_stage")
        batch.drop_column("opens_with_stage")
    with op.batch_alter_table("challenge_review") as batch:
        batch.drop_column("answer")
        batch.drop_column("changed")


def _recount_what_helped() -> None:
    """And with the count the rank that follows from it, as app/services/sums/evidence.py had it then."""
    in_vain = """
        select heeded_tip.tip_id, count(*) from heeded_tip
        join outcome on outcome.activity_id = heeded_tip.activity_id
        where heeded_tip.helped and not outcome.carried_out
          and not exists (select 1 from removal where contribution_id = heeded_tip.activity_id)
          and not exists (select 1 from withdrawal where contribution_id = heeded_tip.activity_id)
        group by heeded_tip.tip_id"""
    connection = op.get_bind()
    for tip_id, too_many in connection.execute(sa.text(in_vain)).all():
        _take_off(connection, tip_id, too_many)


def _take_off(connection: Any, tip_id: int, too_many: int) -> None:
    tip = sa.table("tip", *map(sa.column, ("id", "heeded_count", "helped_count", "rank")), sa.column("at", sa.DateTime))
    cheers = sa.text("select cheer_count from contribution where id = :id")
    row = connection.execute(sa.select(tip).where(tip.c.id == tip_id)).one()
    helped = max(row.helped_count - too_many, 0)
    evidence = connection.scalar(cheers, {"id": tip_id}) + 2 * row.heeded_count + 3 * helped
    age = (row.at.replace(tzinfo=UTC) - datetime(2020, 1, 1, tzinfo=UTC)).days
    values = {"helped_count": helped, "rank": round(1000 * (log2(1 + evidence) + age / 30))}
    connection.execute(sa.update(tip).where(tip.c.id == tip_id).values(values))
