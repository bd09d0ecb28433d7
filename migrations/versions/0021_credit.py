"""What somebody earns by a plan that takes something of theirs is a row of its own, for each of them; and a tip's
evidence is counted by the difference that one plan makes, without the plans of its own author."""

import math
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

#: As the rank of a tip is computed: by its evidence, and by its age from this day on.
_FIRST_DAY = date(2020, 1, 1)

# Whether the ledger has it is read there, since moderation may have taken it back.
_GIVEN = """
coalesce((
    select sum(point_entry.points) from point_entry
    where point_entry.person_id = {person} and point_entry.reason = '{reason}'
        and (point_entry.source = {cause} or point_entry.source like {cause} || '#%')
), 0) > 0
"""

_OF_TIPS = f"""
insert into credit (activity_id, contribution_id, person_id, municipality_id, reason, points, at, is_given)
select heeded_tip.activity_id, heeded_tip.tip_id, tip.owner_id, tip.municipality_id, 'heeded', heeded_tip.points,
    heeded_tip.at, {
    _GIVEN.format(
        person="tip.owner_id",
        reason="heeded",
        cause="'tip:' || cast(tip.id as varchar) || ':' || cast(heeded_tip.activity_id as varchar)",
    )
}
from heeded_tip
join tip on tip.id = heeded_tip.tip_id
where heeded_tip.points > 0
"""

_OF_IDEAS = f"""
insert into credit (activity_id, contribution_id, person_id, municipality_id, reason, points, at, is_given)
select adoption.activity_id, adoption.origin_id, maker.person_id,
    coalesce(
        (
            select min(point_entry.municipality_id) from point_entry
            where point_entry.person_id = maker.person_id
                and point_entry.source = 'borrowed:' || cast(adoption.activity_id as varchar)
        ),
        maker.municipality_id
    ),
    'borrowed', adoption.points, adoption.at, {
    _GIVEN.format(
        person="maker.person_id",
        reason="borrowed",
        cause="'borrowed:' || cast(adoption.activity_id as varchar)",
    )
}
from adoption
join (
    select id as activity_id, owner_id as person_id, municipality_id from activity
    union
    select co_owner.activity_id, co_owner.person_id, person.municipality_id
    from co_owner join person on person.id = co_owner.person_id
    where co_owner.answer = 'accepted'
) maker on maker.activity_id = adoption.origin_id
where adoption.points > 0
"""

# A visible plan, of which the tip's author is no maker.
_EVIDENCE = """
not exists (select 1 from removal where removal.contribution_id = heeded_tip.activity_id)
and not exists (select 1 from withdrawal where withdrawal.contribution_id = heeded_tip.activity_id)
and not exists (
    select 1 from tip join activity on activity.id = heeded_tip.activity_id
    where tip.id = heeded_tip.tip_id and (
        tip.owner_id = activity.owner_id
        or exists (
            select 1 from co_owner
            where co_owner.activity_id = activity.id and co_owner.person_id = tip.owner_id
                and co_owner.answer = 'accepted'
        )
    )
)
"""

# What came to nothing can show no help.
_CARRIED_OUT = (
    "exists (select 1 from outcome where outcome.activity_id = heeded_tip.activity_id and outcome.carried_out)"
)

_COUNTS = """
select tip.id, tip.at, contribution.cheer_count, tip.heeded_count, tip.helped_count,
    coalesce(sum(case when heeded_tip.is_counted then 1 else 0 end), 0) as heeded,
    coalesce(sum(case when heeded_tip.is_counted_as_help then 1 else 0 end), 0) as helped
from tip
join contribution on contribution.id = tip.id
left join heeded_tip on heeded_tip.tip_id = tip.id
group by tip.id, tip.at, contribution.cheer_count, tip.heeded_count, tip.helped_count
"""


def upgrade() -> None:
    op.create_table(
        "credit",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.CheckConstraint("reason in ('heeded', 'borrowed')", name=op.f("ck_credit_reason")),
        sa.CheckConstraint("points > 0", name=op.f("ck_credit_points")),
        _key("activity_id", "activity", ondelete="CASCADE"),
        _key("contribution_id", "contribution", ondelete="CASCADE"),
        _key("person_id", "person"),
        _key("municipality_id", "municipality"),
        sa.PrimaryKeyConstraint("activity_id", "contribution_id", "person_id", name=op.f("pk_credit")),
    )
    op.create_index(op.f("ix_credit_contribution_id"), "credit", ["contribution_id"])
    op.create_index("ix_credit_person_id_at", "credit", ["person_id", "at"])
    op.execute(_OF_TIPS)
    op.execute(_OF_IDEAS)
    with op.batch_alter_table("adoption") as batch:
        batch.drop_constraint(op.f("ck_adoption_points"), type_="check")
        batch.drop_column("points")
    with op.batch_alter_table("heeded_tip") as batch:
        batch.add_column(sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(
            sa.Column("is_counted_as_help", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.drop_column("points")
    with op.batch_alter_table("heeded_tip") as batch:
        batch.alter_column("is_counted", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("is_counted_as_help", existing_type=sa.Boolean(), server_default=None)
        batch.create_check_constraint(
            op.f("ck_heeded_tip_help_is_counted"), "is_counted or not is_counted_as_help"
        )
    op.drop_index(op.f("ix_heeded_tip_tip_id"), "heeded_tip")
    op.create_index("ix_heeded_tip_tip_id_at", "heeded_tip", ["tip_id", "at"])
    op.execute(f"update heeded_tip set is_counted = true where {_EVIDENCE}")
    op.execute(f"update heeded_tip set is_counted_as_help = true where is_counted and helped and {_CARRIED_OUT}")
    _count_again()


def downgrade() -> None:
    op.drop_index("ix_heeded_tip_tip_id_at", "heeded_tip")
    op.create_index(op.f("ix_heeded_tip_tip_id"), "heeded_tip", ["tip_id"])
    with op.batch_alter_table("heeded_tip") as batch:
        batch.drop_constraint(op.f("ck_heeded_tip_help_is_counted"), type_="check")
        batch.add_column(sa.Column("points", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_column("is_counted")
        batch.drop_column("is_counted_as_help")
    with op.batch_alter_table("adoption") as batch:
        batch.add_column(sa.Column("points", sa.Integer(), nullable=False, server_default="0"))
    for table, column in (("heeded_tip", "tip_id"), ("adoption", "origin_id")):
        op.execute(
            f"update {table} set points = coalesce((select max(credit.points) from credit "
            f"where credit.activity_id = {table}.activity_id and credit.contribution_id = {table}.{column}), 0)"
        )
        with op.batch_alter_table(table) as batch:
            batch.alter_column("points", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("adoption") as batch:
        batch.create_check_constraint(op.f("ck_adoption_points"), "points >= 0")
    op.drop_index("ix_credit_person_id_at", "credit")
    op.drop_index(op.f("ix_credit_contribution_id"), "credit")
    op.drop_table("credit")


def _key(column: str, table: str, **options: Any) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=op.f(f"fk_credit_{column}_{table}"), **options
    )


def _count_again() -> None:
    connection = op.get_bind()
    for tip in connection.execute(sa.text(_COUNTS)).all():
        if (tip.heeded, tip.helped) == (tip.heeded_count, tip.helped_count):
            continue
        values = {"heeded": tip.heeded, "helped": tip.helped, "rank": _rank(tip), "id": tip.id}
        connection.execute(
            sa.text(
                "update tip set heeded_count = :heeded, helped_count = :helped, rank = :rank where id = :id"
            ),
            values,
        )


def _rank(tip: Any) -> int:
    written = datetime.fromisoformat(tip.at) if isinstance(tip.at, str) else tip.at.astimezone(UTC)
    weight = math.log2(1 + tip.cheer_count + 2 * tip.heeded + 3 * tip.helped)
    return round(1000 * (weight + (written.date() - _FIRST_DAY).days / 30))
