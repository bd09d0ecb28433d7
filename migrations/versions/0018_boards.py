"""Boards that are opened with a stage and closed with it: their policy, whom points are divided by, who did something,
and the points of each day."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Whoever has been signed in: a device, or something that only somebody who is here can have done.
_SIGNED_IN = """
update person set signed_in_at = joined_at
where exists (select 1 from device_session where device_session.person_id = person.id)
   or exists (select 1 from point_entry where point_entry.person_id = person.id)
   or exists (select 1 from activity where activity.owner_id = person.id)
"""

_OPENED = """
update stage set opened_at = (
    select at from stage_event where stage_event.stage_id = stage.id and stage_event.phase = 'measure'
), points = (select points from programme)
where exists (select 1 from stage_event where stage_event.stage_id = stage.id and stage_event.phase = 'measure')
"""

_CLOSED = """
update stage set closed_at = (
    select at from stage_event where stage_event.stage_id = stage.id and stage_event.phase = 'ended'
)
where opened_at is not null
"""

_PARTICIPANTS = """
insert into stage_participant (stage_id, person_id, municipality_id)
select made.stage_id, person.id, person.municipality_id
from (
    select stage_id, owner_id as person_id, id as activity_id from activity
    union
    select activity.stage_id, co_owner.person_id, activity.id
    from co_owner join activity on activity.id = co_owner.activity_id where co_owner.answer = 'accepted'
) made
join person on person.id = made.person_id and person.role <> 'lead'
join stage on stage.id = made.stage_id and stage.opened_at is not null
where not exists (select 1 from removal where removal.contribution_id = made.activity_id)
group by made.stage_id, person.id, person.municipality_id
"""

# A row for every municipality on every board.
_ROWS = """
insert into municipality_total (stage_id, municipality_id, points, members, active)
select stage.id, municipality.id, 0, 0, 0 from stage cross join municipality
where stage.opened_at is not null and not exists (
    select 1 from municipality_total
    where municipality_total.stage_id = stage.id and municipality_total.municipality_id = municipality.id
)
"""

_PEOPLE = """
update municipality_total set
    members = (
        select count(*) from person join stage on stage.id = municipality_total.stage_id
        where person.municipality_id = municipality_total.municipality_id and person.left_at is null
          and person.role <> 'lead' and person.signed_in_at < stage.opened_at
    ),
    active = (
        select count(*) from stage_participant
        where stage_participant.stage_id = municipality_total.stage_id
          and stage_participant.municipality_id = municipality_total.municipality_id
    )
"""

_POOLS = """
update municipality_total set pool = (
    select pool from municipality where municipality.id = municipality_total.municipality_id
)
where exists (
    select 1 from stage where stage.id = municipality_total.stage_id and stage.closed_at is not null
)
"""


def upgrade() -> None:
    op.add_column("person", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("programme", sa.Column("leaderboard", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("leaderboard", server_default=None)
    with op.batch_alter_table("stage") as batch:
        batch.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("points", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(
            op.f("ck_stage_opened_with_policy"), "(opened_at is null) = (points is null)"
        )
        batch.create_check_constraint(
            op.f("ck_stage_opened_before_closed"), "closed_at is null or opened_at is not null"
        )
    with op.batch_alter_table("municipality_total") as batch:
        batch.add_column(sa.Column("members", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("active", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("pool", sa.Integer(), nullable=True))
    with op.batch_alter_table("municipality_total") as batch:
        batch.alter_column("members", server_default=None)
        batch.alter_column("active", server_default=None)
        batch.create_check_constraint(op.f("ck_municipality_total_members"), "members >= 0")
        batch.create_check_constraint(op.f("ck_municipality_total_active"), "active >= 0")
    _create_day_total()
    _create_stage_participant()
    for statement in (_SIGNED_IN, _OPENED, _CLOSED, _PARTICIPANTS, _ROWS, _PEOPLE, _POOLS):
        op.execute(statement)
    _fill_day_total()


def _create_day_total() -> None:
    op.create_table(
        "day_total",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_day_total_stage_id_stage")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_day_total_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("stage_id", "municipality_id", "day", name=op.f("pk_day_total")),
    )


def _create_stage_participant() -> None:
    table = "stage_participant"
    op.create_table(
        table,
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f(f"fk_{table}_stage_id_stage")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f(f"fk_{table}_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("stage_id", "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def _fill_day_total() -> None:
    """In Python: only there one can tell which day of the programme's calendar a moment was."""
    connection = op.get_bind()
    name = connection.scalar(sa.text("select timezone from programme"))
    entry = sa.table(
        "point_entry",
        *(sa.column(name, sa.Integer) for name in ("stage_id", "municipality_id", "points")),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    stage = sa.table(
        "stage", sa.column("id", sa.Integer), sa.column("closed_at", sa.DateTime(timezone=True))
    )
    utc = ZoneInfo("UTC")
    zone = ZoneInfo(name) if name in available_timezones() else utc
    closed = {row.id: _aware(row.closed_at, utc) for row in connection.execute(sa.select(stage))}
    sums: Counter[tuple[int, int, object]] = Counter()
    for row in connection.execute(sa.select(entry)):
        at = _aware(row.at, utc)
        closed_at = closed[row.stage_id]
        if at and (closed_at is None or at < closed_at):
            sums[row.stage_id, row.municipality_id, at.astimezone(zone).date()] += row.points
    total = sa.table(
        "day_total",
        sa.column("stage_id", sa.Integer),
        sa.column("municipality_id", sa.Integer),
        sa.column("day", sa.Date),
        sa.column("points", sa.Integer),
    )
    names = ("stage_id", "municipality_id", "day", "points")
    rows = [dict(zip(names, (*key, points), strict=True)) for key, points in sums.items()]
    if rows:
        op.bulk_insert(total, rows)


def _aware(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """SQLite gives the moment without its zone, which is UTC."""
    return moment.replace(tzinfo=zone) if moment and moment.tzinfo is None else moment


def downgrade() -> None:
    op.drop_index(op.f("ix_stage_participant_person_id"), "stage_participant")
    op.drop_table("stage_participant")
    op.drop_table("day_total")
    with op.batch_alter_table("municipality_total") as batch:
        batch.drop_constraint(op.f("ck_municipality_total_members"), type_="check")
        batch.drop_constraint(op.f("ck_municipality_total_active"), type_="check")
        batch.drop_column("pool")
        batch.drop_column("active")
        batch.drop_column("members")
    with op.batch_alter_table("stage") as batch:
        batch.drop_constraint(op.f("ck_stage_opened_before_closed"), type_="check")
        batch.drop_constraint(op.f("ck_stage_opened_with_policy"), type_="check")
        batch.drop_column("closed_at")
        batch.drop_column("points")
        batch.drop_column("opened_at")
    op.drop_column("programme", "leaderboard")
    op.drop_column("person", "signed_in_at")
