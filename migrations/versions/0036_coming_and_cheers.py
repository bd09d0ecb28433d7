"""Who comes along to an activity, and how many places there are; cheers of three kinds. Those so far are sparks."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_COUNTS = ("hat_count", "fika_count")


def upgrade() -> None:
    op.create_table(
        "coming",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_coming_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coming_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coming")),
        sa.UniqueConstraint("activity_id", "person_id", name=op.f("uq_coming_activity_id_person_id")),
    )
    op.create_index("ix_coming_activity_id_id", "coming", ["activity_id", "id"])
    op.create_index(op.f("ix_coming_person_id"), "coming", ["person_id"])
    with op.batch_alter_table("activity") as batch:
        batch.add_column(sa.Column("places", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_activity_places"), "places between 1 and 500")
    _add_kinds()


def _add_kinds() -> None:
    with op.batch_alter_table("cheer") as batch:
        batch.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="spark"))
    with op.batch_alter_table("cheer") as batch:
        batch.alter_column("kind", existing_type=sa.String(), server_default=None)
        batch.create_check_constraint(op.f("ck_cheer_kind"), "kind in ('spark', 'hat', 'fika')")
    with op.batch_alter_table("contribution") as batch:
        for name in _COUNTS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("contribution") as batch:
        for name in _COUNTS:
            batch.alter_column(name, existing_type=sa.Integer(), server_default=None)
            batch.create_check_constraint(op.f(f"ck_contribution_{name}"), f"{name} >= 0")


def downgrade() -> None:
    with op.batch_alter_table("contribution") as batch:
        for name in _COUNTS:
            batch.drop_constraint(op.f(f"ck_contribution_{name}"), type_="check")
            batch.drop_column(name)
    with op.batch_alter_table("cheer") as batch:
        batch.drop_constraint(op.f("ck_cheer_kind"), type_="check")
        batch.drop_column("kind")
    with op.batch_alter_table("activity") as batch:
        batch.drop_constraint(op.f("ck_activity_places"), type_="check")
        batch.drop_column("places")
    op.drop_table("coming")
