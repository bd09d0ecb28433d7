"""Challenges: what is called for, who has taken it on as an activity, what was sent in, and how far each has come."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=True),
        sa.Column("focus_area_id", sa.Integer(), nullable=True),
        sa.Column("kind_of_challenge", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("done_when", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.Column("needs_photo", sa.Boolean(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind_of_challenge in ('individual', 'municipality', 'joint')",
            name=op.f("ck_challenge_template_kind_of_challenge"),
        ),
        sa.ForeignKeyConstraint(
            ["focus_area_id"], ["focus_area.id"], name=op.f("fk_challenge_template_focus_area_id_focus_area")
        ),
        sa.ForeignKeyConstraint(["value_id"], ["value.id"], name=op.f("fk_challenge_template_value_id_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_template")),
        sa.UniqueConstraint("slug", name=op.f("uq_challenge_template_slug")),
    )
    op.create_table(
        "challenge",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(), nullable=True),
        sa.Column("request_key", sa.String(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("focus_area_id", sa.Integer(), nullable=False),
        sa.Column("kind_of_challenge", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("done_when", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.Column("needs_photo", sa.Boolean(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind_of_challenge <> 'municipality' or goal is not null", name=op.f("ck_challenge_goal_of_municipality")
        ),
        sa.CheckConstraint(
            "kind_of_challenge in ('individual', 'municipality', 'joint')", name=op.f("ck_challenge_kind_of_challenge")
        ),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_challenge_closes_after_it_opens")),
        sa.CheckConstraint("goal between 1 and 1000", name=op.f("ck_challenge_goal")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_challenge_title")),
        sa.CheckConstraint("owner_id is not null or slug is not null", name=op.f("ck_challenge_has_an_origin")),
        sa.CheckConstraint("points between 1 and 1000", name=op.f("ck_challenge_points")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_challenge_closed_by_id_person")),
        sa.ForeignKeyConstraint(
            ["focus_area_id"], ["focus_area.id"], name=op.f("fk_challenge_focus_area_id_focus_area")
        ),
        sa.ForeignKeyConstraint(
            ["id", "owner_id"],
            ["contribution.id", "contribution.owner_id"],
            name=op.f("fk_challenge_id_owner_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["contribution.id"], name=op.f("fk_challenge_id_contribution"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_challenge_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_challenge_opened_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_challenge_owner_id_person")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_challenge_stage_id_stage")),
        sa.ForeignKeyConstraint(["value_id"], ["value.id"], name=op.f("fk_challenge_value_id_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("owner_id", "request_key", name=op.f("uq_challenge_owner_id_request_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_challenge_slug")),
    )
    op.create_index("ix_challenge_municipality_id", "challenge", ["municipality_id"])
    op.create_index("ix_challenge_square", "challenge", ["stage_id", "value_id", "focus_area_id"])
    op.create_index("ix_challenge_stage_id_closes_on", "challenge", ["stage_id", "closes_on"])

    op.create_table(
        "challenge_progress",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.CheckConstraint("completed between 0 and taken_on", name=op.f("ck_challenge_progress_completed")),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_progress_challenge_id_challenge"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_challenge_progress_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("challenge_id", "municipality_id", name=op.f("pk_challenge_progress")),
    )
    op.create_table(
        "undertaking",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("kind_of_challenge", sa.String(), nullable=False),
        sa.Column("done_when", sa.JSON(), nullable=False),
        sa.Column("needs_photo", sa.Boolean(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("points between 1 and 1000", name=op.f("ck_undertaking_points")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_undertaking_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_undertaking_challenge_id_challenge")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_undertaking")),
    )
    op.create_index("ix_undertaking_challenge_id_activity_id", "undertaking", ["challenge_id", "activity_id"])

    op.create_table(
        "challenge_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["undertaking.activity_id"],
            name=op.f("fk_challenge_review_activity_id_undertaking"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_challenge_review_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_review")),
    )
    op.create_index("ix_challenge_review_activity_id", "challenge_review", ["activity_id"])


def downgrade() -> None:
    op.drop_index("ix_challenge_review_activity_id", "challenge_review")

    op.drop_table("challenge_review")
    op.drop_index("ix_undertaking_challenge_id_activity_id", "undertaking")

    op.drop_table("undertaking")
    op.drop_table("challenge_progress")
    op.drop_index("ix_challenge_stage_id_closes_on", "challenge")
    op.drop_index("ix_challenge_square", "challenge")
    op.drop_index("ix_challenge_municipality_id", "challenge")

    op.drop_table("challenge")
    op.drop_table("challenge_template")
