"""A tip is a contribution of its own: it can be cheered for, hidden, withdrawn and taken into account in a plan.

Each tip gets the number of a new contribution, and what it lacks from its activity. Numbers never collide, since they
come after the largest there is; a tip that already has its contribution, because it once was here, keeps its number.
"""

import datetime
import math
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: From this day on age is counted in the rank of a tip, which for one without evidence is its age alone.
_FIRST_DAY = datetime.date(2020, 1, 1)

_OLD_COLUMNS = "id, activity_id, focus_area_id, kind, text, by_id, at"

_NUMBER = """
insert into kept_tip (id, old_id)
select coalesce(
    (
        select contribution.id from contribution
        where contribution.id = tip.id and contribution.kind = 'tip' and contribution.owner_id = tip.by_id
    ),
    (select coalesce(max(id), 0) from contribution) + row_number() over (order by tip.id)
), tip.id
from tip
"""

_CONTRIBUTE = """
insert into contribution (id, kind, owner_id, cheer_count)
select kept_tip.id, 'tip', tip.by_id, 0
from kept_tip join tip on tip.id = kept_tip.old_id
where not exists (select 1 from contribution where contribution.id = kept_tip.id)
"""

# The municipality where the author was when it was written is known for the activity's owner; of others, where they are.
_FILL = """
insert into new_tip (
    id, owner_id, municipality_id, focus_area_id, value_id, kind, text, at, activity_id, heeded_count, helped_count, rank
)
select kept_tip.id, tip.by_id,
    case when tip.by_id = activity.owner_id then activity.municipality_id else person.municipality_id end,
    tip.focus_area_id, activity.value_id, tip.kind, tip.text, tip.at, tip.activity_id, 0, 0, 0
from kept_tip
join tip on tip.id = kept_tip.old_id
join activity on activity.id = tip.activity_id
join person on person.id = tip.by_id
"""

_PLACE = """
insert into contribution_municipality (contribution_id, municipality_id)
select id, municipality_id from tip
where not exists (
    select 1 from contribution_municipality
    where contribution_municipality.contribution_id = tip.id
        and contribution_municipality.municipality_id = tip.municipality_id
)
"""

_NEW_COLUMNS = (
    "id, owner_id, municipality_id, focus_area_id, value_id, kind, text, at, activity_id, request_key, "
    "heeded_count, helped_count, rank"
)


def upgrade() -> None:
    op.create_table("kept_tip", sa.Column("id", sa.Integer()), sa.Column("old_id", sa.Integer()))
    op.execute(_NUMBER)
    op.execute(_CONTRIBUTE)
    _hold("new_tip", *_new_columns())
    op.execute(_FILL)
    op.drop_table("kept_tip")
    op.drop_index("ix_tip_focus_area_id_kind_id", "tip")
    op.drop_table("tip")
    _create_new()
    _move("new_tip", "tip", _NEW_COLUMNS)
    op.execute(_PLACE)
    _rank_by_age()
    _count_from("contribution")
    op.create_table(
        "heeded_tip",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_heeded_tip_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_heeded_tip_person_id_person")),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_heeded_tip_tip_id_tip"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("activity_id", "tip_id", name=op.f("pk_heeded_tip")),
    )
    op.create_index(op.f("ix_heeded_tip_tip_id"), "heeded_tip", ["tip_id"])


def downgrade() -> None:
    """Tips that stand alone have no place in the older table and go; the contributions stay, and nothing shows them."""
    op.drop_index(op.f("ix_heeded_tip_tip_id"), "heeded_tip")
    op.drop_table("heeded_tip")
    _hold("old_tip", *_old_columns())
    op.execute(
        f"insert into old_tip ({_OLD_COLUMNS}) "
        "select id, activity_id, focus_area_id, kind, text, owner_id, at from tip where activity_id is not null"
    )
    for name in ("focus_area_id_value_id_rank", "value_id_rank", "focus_area_id_rank", "rank"):
        op.drop_index(f"ix_tip_{name}", "tip")
    op.drop_table("tip")
    _create_old()
    _move("old_tip", "tip", _OLD_COLUMNS)
    op.create_index("ix_tip_focus_area_id_kind_id", "tip", ["focus_area_id", "kind", "id"])
    _count_from("tip")


def _old_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("focus_area_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _new_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("focus_area_id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("request_key", sa.String(), nullable=True),
        sa.Column("heeded_count", sa.Integer(), nullable=False),
        sa.Column("helped_count", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
    )


def _hold(table: str, *columns: sa.Column[Any]) -> None:
    """A table without constraints, whose names the one that it stands in for still has."""
    op.create_table(table, *columns)


def _move(source: str, target: str, columns: str) -> None:
    op.execute(f"insert into {target} ({columns}) select {columns} from {source}")
    op.drop_table(source)


def _create_new() -> None:
    op.create_table(
        "tip",
        *_new_columns(),
        sa.CheckConstraint("kind in ('success', 'pitfall')", name=op.f("ck_tip_kind")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_tip_text")),
        sa.CheckConstraint("helped_count between 0 and heeded_count", name=op.f("ck_tip_counts")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_tip_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["focus_area_id"], ["focus_area.id"], name=op.f("fk_tip_focus_area_id_focus_area")
        ),
        sa.ForeignKeyConstraint(
            ["id", "owner_id"],
            ["contribution.id", "contribution.owner_id"],
            name=op.f("fk_tip_id_owner_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_tip_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_tip_owner_id_person")),
        sa.ForeignKeyConstraint(["value_id"], ["value.id"], name=op.f("fk_tip_value_id_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip")),
        sa.UniqueConstraint("activity_id", "kind", name=op.f("uq_tip_activity_id_kind")),
        sa.UniqueConstraint("owner_id", "request_key", name=op.f("uq_tip_owner_id_request_key")),
    )
    op.create_index("ix_tip_rank", "tip", ["rank", "id"])
    op.create_index("ix_tip_focus_area_id_rank", "tip", ["focus_area_id", "rank", "id"])
    op.create_index("ix_tip_value_id_rank", "tip", ["value_id", "rank", "id"])
    op.create_index(
        "ix_tip_focus_area_id_value_id_rank", "tip", ["focus_area_id", "value_id", "rank", "id"]
    )


def _create_old() -> None:
    op.create_table(
        "tip",
        *_old_columns(),
        sa.CheckConstraint("kind in ('success', 'pitfall')", name=op.f("ck_tip_kind")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_tip_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_tip_by_id_person")),
        sa.ForeignKeyConstraint(
            ["focus_area_id"], ["focus_area.id"], name=op.f("fk_tip_focus_area_id_focus_area")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip")),
        sa.UniqueConstraint("activity_id", "kind", name=op.f("uq_tip_activity_id_kind")),
    )


def _rank_by_age() -> None:
    """In Python, since the two engines count days in different ways. Sparks that came back with a number count too."""
    tip = sa.table("tip", sa.column("id", sa.Integer), sa.column("at", sa.DateTime(timezone=True)), sa.column("rank"))
    contribution = sa.table("contribution", sa.column("id"), sa.column("cheer_count", sa.Integer))
    connection = op.get_bind()
    own_number = tip.c.id == contribution.c.id
    rows = [
        {"number": number, "place": round(1000 * (math.log2(1 + cheers) + (at.date() - _FIRST_DAY).days / 30))}
        for number, at, cheers in connection.execute(
            sa.select(tip.c.id, tip.c.at, contribution.c.cheer_count).join(contribution, own_number)
        )
    ]
    if rows:
        place = sa.update(tip).where(tip.c.id == sa.bindparam("number")).values(rank=sa.bindparam("place"))
        connection.execute(place, rows)


def _count_from(table: str) -> None:
    """Let PostgreSQL continue after the largest number in the table."""
    if op.get_bind().dialect.name == "postgresql":
        largest = f"(select coalesce(max(id), 0) + 1 from {table})"
        op.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), {largest}, false)")
