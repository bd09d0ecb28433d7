"""What has gone out of the playbook, by step and day, and which reminders somebody wants no more of."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# What was told as the phases of the stages began, in steps of these names.
_STEPS = {
    "measure": ["measure"],
    "activate": ["activate", "activate-staff", "activate-steering"],
    "learn": ["learn", "learn-staff", "learn-steering"],
    "ended": ["ended", "ended-staff"],
}

_TOLD = """
insert into playbook_run (stage_id, step, day, told, finished_at, is_skipped)
select stage_event.stage_id, :step, cast(substr(cast(stage_event.at as varchar), 1, 10) as {day}),
    (select count(*) from notification where notification.key = 'stage:' || stage.number || ':' || :step),
    stage_event.at, {false}
from stage_event join stage on stage.id = stage_event.stage_id where stage_event.phase = :phase
"""


def upgrade() -> None:
    op.create_table(
        "playbook_run",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_skipped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("told >= 0", name=op.f("ck_playbook_run_told")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_playbook_run_stage_id_stage")),
        sa.PrimaryKeyConstraint("stage_id", "step", "day", name=op.f("pk_playbook_run")),
    )
    op.create_table(
        "reminder_stop",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reminder_stop_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_reminder_stop_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "activity_id", name=op.f("pk_reminder_stop")),
    )
    op.create_index(op.f("ix_reminder_stop_activity_id"), "reminder_stop", ["activity_id"])
    _keep_what_was_told()


def _keep_what_was_told() -> None:
    """So that nobody is told of it again, and none of it is taken for left out."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    statement = sa.text(_TOLD.format(day="varchar" if is_sqlite else "date", false="0" if is_sqlite else "false"))
    for phase, steps in _STEPS.items():
        for step in steps:
            op.execute(statement.bindparams(phase=phase, step=step))


def downgrade() -> None:
    op.drop_table("reminder_stop")
    op.drop_table("playbook_run")
