"""The figures of a stage as running sums; what there is, is counted, also in stages that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SUMS = ("planned", "carried_out", "reported", "answers", "reach", *(f"rated_{n}" for n in range(1, 6)))

# Each activity that moderation has not hidden, with each group that it counts in.
_GROUPS = """
with shown as (
    select activity.id, activity.stage_id, activity.value_id, activity.focus_area_id from activity
    where not exists (select 1 from removal where removal.contribution_id = activity.id)
),
lived as (
    select shown.id, shown.focus_area_id, shown.value_id from shown
    union
    select shown.id, shown.focus_area_id, activity_also_value.value_id
    from activity_also_value join shown on shown.id = activity_also_value.activity_id
),
in_group as (
    select id as activity_id, 'all' as scope from shown
    union all select id, 'f:' || focus_area_id from shown
    union all select id, 'v:' || value_id from lived
    union all select id, 'v:' || value_id || '/f:' || focus_area_id from lived
    union all select shown.id, 'm:' || contribution_municipality.municipality_id
    from contribution_municipality join shown on shown.id = contribution_municipality.contribution_id
)
"""

_COUNTED = """
insert into counted_activity
    (activity_id, scopes, unreported_on, reported, carried_out, answers, rating, reach)
{groups}
select activity.id, {joined},
    case when outcome.activity_id is null then activity.planned_for end,
    outcome.activity_id is not null, coalesce(outcome.carried_out, false), activity.concreteness,
    outcome.rating, coalesce(outcome.reached, 0)
from in_group
join activity on activity.id = in_group.activity_id
left join outcome on outcome.activity_id = activity.id
group by activity.id, activity.planned_for, activity.concreteness,
    outcome.activity_id, outcome.carried_out, outcome.rating, outcome.reached
"""

_FIGURES = """
insert into stage_figure
    (stage_id, scope, planned, carried_out, reported, answers, reach, rated_1, rated_2, rated_3, rated_4, rated_5)
{groups}
select activity.stage_id, in_group.scope, count(*),
    coalesce(sum(case when outcome.carried_out then 1 else 0 end), 0), count(outcome.activity_id),
    sum(activity.concreteness), coalesce(sum(outcome.reached), 0),
    count(case when outcome.rating = 1 then 1 end), count(case when outcome.rating = 2 then 1 end),
    count(case when outcome.rating = 3 then 1 end), count(case when outcome.rating = 4 then 1 end),
    count(case when outcome.rating = 5 then 1 end)
from in_group
join activity on activity.id = in_group.activity_id
left join outcome on outcome.activity_id = activity.id
group by activity.stage_id, in_group.scope
"""

_UNREPORTED = """
insert into unreported_plans (stage_id, scope, day, plans)
{groups}
select activity.stage_id, in_group.scope, activity.planned_for, count(*)
from in_group
join activity on activity.id = in_group.activity_id
where activity.planned_for is not null
    and not exists (select 1 from outcome where outcome.activity_id = activity.id)
group by activity.stage_id, in_group.scope, activity.planned_for
"""


def upgrade() -> None:
    _create_tables()
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    joined = f"{'string_agg' if on_postgresql else 'group_concat'}(in_group.scope, ' ')"
    for statement in (_COUNTED, _FIGURES, _UNREPORTED):
        op.execute(statement.format(groups=_GROUPS, joined=joined))


def _create_tables() -> None:
    op.create_table(
        "stage_figure",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _SUMS),
        sa.CheckConstraint("planned >= 0", name=op.f("ck_stage_figure_planned")),
        sa.CheckConstraint("carried_out >= 0", name=op.f("ck_stage_figure_carried_out")),
        sa.CheckConstraint("reported >= 0", name=op.f("ck_stage_figure_reported")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_stage_figure_stage_id_stage")),
        sa.PrimaryKeyConstraint("stage_id", "scope", name=op.f("pk_stage_figure")),
    )
    op.create_table(
        "unreported_plans",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("plans", sa.Integer(), nullable=False),
        sa.CheckConstraint("plans >= 0", name=op.f("ck_unreported_plans_plans")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_unreported_plans_stage_id_stage")),
        sa.PrimaryKeyConstraint("stage_id", "scope", "day", name=op.f("pk_unreported_plans")),
    )
    op.create_table(
        "counted_activity",
        sa.Column("activity_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("unreported_on", sa.Date(), nullable=True),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("carried_out", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reach", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_counted_activity_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_counted_activity")),
    )


def downgrade() -> None:
    op.drop_table("counted_activity")
    op.drop_table("unreported_plans")
    op.drop_table("stage_figure")
