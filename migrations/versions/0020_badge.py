"""Badges: how far people have come toward each, and how many have it. Nobody has one until they are counted: that is
`flask points verify --repair` (docs/operations.md), which tells nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _municipality(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_municipality_id_municipality")
    return sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "badge",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("resting_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_badge_counted")),
        sa.CheckConstraint(
            "(earned_at is null) = (needed is null) and (earned_at is null) = (municipality_id is null)",
            name=op.f("ck_badge_earned_whole"),
        ),
        sa.CheckConstraint(
            "resting_since is null or earned_at is not null", name=op.f("ck_badge_only_what_is_theirs_rests")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_badge_person_id_person"), ondelete="CASCADE"
        ),
        _municipality("badge"),
        sa.PrimaryKeyConstraint("person_id", "slug", name=op.f("pk_badge")),
    )
    op.create_table(
        "badge_count",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("holders", sa.Integer(), nullable=False),
        sa.CheckConstraint("holders >= 0", name=op.f("ck_badge_count_holders")),
        _municipality("badge_count"),
        sa.PrimaryKeyConstraint("slug", "municipality_id", name=op.f("pk_badge_count")),
    )
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("shows_badges", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("shows_badges", server_default=None)
    op.create_index(op.f("ix_co_owner_invited_by_id"), "co_owner", ["invited_by_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_co_owner_invited_by_id"), "co_owner")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("shows_badges")
    op.drop_table("badge_count")
    op.drop_table("badge")
