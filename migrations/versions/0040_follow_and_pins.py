"""Who follows what, what stands on top of the feed, and under which further scopes the feed's items are found."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_ONE_THING = (
    "case when followed_person_id is null then 0 else 1 end"
    " + case when municipality_id is null then 0 else 1 end"
    " + case when activity_id is null then 0 else 1 end = 1"
)
_NOT_ONESELF = "followed_person_id is null or followed_person_id <> person_id"
_THINGS = {"followed_person_id": "person", "municipality_id": "municipality", "activity_id": "activity"}
_EVERYBODY = sa.text("municipality_id is null")
_SHOWN = """
    insert into feed_scope (scope, at, item_id)
    select distinct {scope}, item.at, item.id
    from feed_scope as shown
    join feed_item as item on item.id = shown.item_id
    join activity on activity.id = item.contribution_id
    {more}
    where shown.scope = 'all'
"""


def upgrade() -> None:
    _create_follow()
    _create_pin()
    partner = "join co_owner on co_owner.activity_id = activity.id and co_owner.answer = 'accepted'"
    best = (
        "join best_practice on best_practice.contribution_id = activity.id"
        " join outcome on outcome.activity_id = activity.id and outcome.carried_out"
    )
    for scope, more in (
        ("'a:' || activity.id", ""),
        ("'p:' || activity.owner_id", ""),
        ("'p:' || co_owner.person_id", partner),
        ("'best'", best),
    ):
        op.execute(_SHOWN.format(scope=scope, more=more))


def downgrade() -> None:
    op.execute("delete from feed_scope where scope like 'a:%' or scope like 'p:%'")
    op.execute("delete from feed_scope where scope = 'best' or scope = 'pin' or scope like 'pin:%'")
    op.drop_table("pin")
    op.drop_table("follow")


def _create_follow() -> None:
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *[sa.Column(column, sa.Integer(), nullable=True) for column in _THINGS],
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_ONE_THING, name=op.f("ck_follow_one_thing")),
        sa.CheckConstraint(_NOT_ONESELF, name=op.f("ck_follow_not_oneself")),
        *[
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_follow_{column}_{table}"), ondelete="CASCADE"
            )
            for column, table in {"person_id": "person", **_THINGS}.items()
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        *[
            sa.UniqueConstraint("person_id", column, name=op.f(f"uq_follow_person_id_{column}"))
            for column in _THINGS
        ],
    )
    for column in _THINGS:
        op.create_index(op.f(f"ix_follow_{column}"), "follow", [column])


def _create_pin() -> None:
    op.create_table(
        "pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until >= at", name=op.f("ck_pin_until")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_pin_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_pin_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pin_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin")),
    )
    op.create_index(op.f("ix_pin_contribution_id"), "pin", ["contribution_id"])
    op.create_index(
        "uq_pin_everybody",
        "pin",
        ["contribution_id"],
        unique=True,
        sqlite_where=_EVERYBODY,
        postgresql_where=_EVERYBODY,
    )
    columns = ["municipality_id", "contribution_id"]
    op.create_index("uq_pin_municipality_id_contribution_id", "pin", columns, unique=True)
    op.create_index("ix_pin_until", "pin", ["until"])
