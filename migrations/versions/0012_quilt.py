"""The quilt, whose squares are filled from what has been carried out; and two more kinds of contributions."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# The values of every visible activity that was carried out: the main one and the others.
_COUNT = """
insert into square_activity (activity_id, value_id, stage_id, focus_area_id)
select activity.id, lived.value_id, activity.stage_id, activity.focus_area_id
from activity
join outcome on outcome.activity_id = activity.id and outcome.carried_out
join (
    select id as activity_id, value_id from activity
    union
    select activity_id, value_id from activity_also_value
) lived on lived.activity_id = activity.id
where not exists (select 1 from removal where removal.contribution_id = activity.id)
  and not exists (select 1 from withdrawal where withdrawal.contribution_id = activity.id)
"""

# The first one of a square is the one whose report came first.
_SUM = """
insert into square (stage_id, value_id, focus_area_id, carried_out, first_id, first_at)
select stage_id, value_id, focus_area_id, how_many, activity_id, at
from (
    select square_activity.*, outcome.at,
        count(*) over square as how_many,
        row_number() over (partition by stage_id, value_id, focus_area_id order by outcome.at, square_activity.activity_id)
            as place
    from square_activity
    join outcome on outcome.activity_id = square_activity.activity_id
    window square as (partition by stage_id, value_id, focus_area_id)
) reported
where place = 1
"""


def upgrade() -> None:
    with op.batch_alter_table("contribution") as batch:
        batch.drop_constraint(op.f("ck_contribution_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_contribution_kind"), "kind in ('activity', 'challenge', 'tip')")
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "square",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("focus_area_id", sa.Integer(), nullable=False),
        sa.Column("carried_out", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("carried_out >= 0", name=op.f("ck_square_carried_out")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_square_stage_id_stage")),
        sa.ForeignKeyConstraint(["value_id"], ["value.id"], name=op.f("fk_square_value_id_value")),
        sa.ForeignKeyConstraint(
            ["focus_area_id"], ["focus_area.id"], name=op.f("fk_square_focus_area_id_focus_area")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["activity.id"], name=op.f("fk_square_first_id_activity"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("stage_id", "value_id", "focus_area_id", name=op.f("pk_square")),
    )
    op.create_index(op.f("ix_square_first_id"), "square", ["first_id"])
    op.create_table(
        "square_activity",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("focus_area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_square_activity_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["value_id"], ["value.id"], name=op.f("fk_square_activity_value_id_value")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_square_activity_stage_id_stage")),
        sa.ForeignKeyConstraint(
            ["focus_area_id"], ["focus_area.id"], name=op.f("fk_square_activity_focus_area_id_focus_area")
        ),
        sa.PrimaryKeyConstraint("activity_id", "value_id", name=op.f("pk_square_activity")),
    )
    op.create_index(
        "ix_square_activity_square", "square_activity", ["stage_id", "value_id", "focus_area_id", "activity_id"]
    )
    op.execute(_COUNT)
    op.execute(_SUM)


def downgrade() -> None:
    op.drop_index("ix_square_activity_square", "square_activity")
    op.drop_table("square_activity")
    op.drop_index(op.f("ix_square_first_id"), "square")
    op.drop_table("square")
    # The older table knows activities alone, each with an owner. The numbers of others stay, and nothing shows them.
    op.execute("update contribution set kind = 'activity'")
    op.execute("update contribution set owner_id = (select min(id) from person) where owner_id is null")
    with op.batch_alter_table("contribution") as batch:
        batch.drop_constraint(op.f("ck_contribution_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_contribution_kind"), "kind in ('activity')")
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=False)
