"""What a stage taught, chosen and published; and which gaps have become challenges."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_FOR_ALL = sa.text("municipality_id is null")


def upgrade() -> None:
    op.create_table(
        "lesson_set",
        sa.Column("stage_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(published_at is null) = (published_by_id is null)",
            name=op.f("ck_lesson_set_published_by_somebody"),
        ),
        sa.CheckConstraint(
            "told_at is null or published_at is not null", name=op.f("ck_lesson_set_told_after_publishing")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_lesson_set_stage_id_stage")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_lesson_set_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_lesson_set_published_by_id_person")
        ),
        sa.PrimaryKeyConstraint("stage_id", name=op.f("pk_lesson_set")),
    )
    op.create_table(
        "stage_lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("edited_heading", sa.String(), nullable=True),
        sa.Column("edited_text", sa.String(), nullable=True),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind in ('success', 'pitfall')", name=op.f("ck_stage_lesson_kind")),
        sa.CheckConstraint("ground in ('helpful', 'outcome')", name=op.f("ck_stage_lesson_ground")),
        sa.CheckConstraint("place > 0", name=op.f("ck_stage_lesson_place")),
        sa.CheckConstraint(
            "(edited_heading is null) = (edited_text is null)", name=op.f("ck_stage_lesson_edited_as_a_whole")
        ),
        sa.CheckConstraint("length(edited_heading) > 0", name=op.f("ck_stage_lesson_edited_heading")),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["lesson_set.stage_id"], name=op.f("fk_stage_lesson_stage_id_lesson_set")
        ),
        sa.ForeignKeyConstraint(
            ["tip_id"], ["tip.id"], name=op.f("fk_stage_lesson_tip_id_tip"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_stage_lesson_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_lesson")),
        sa.UniqueConstraint("stage_id", "tip_id", name=op.f("uq_stage_lesson_stage_id_tip_id")),
        sa.UniqueConstraint("stage_id", "kind", "place", name=op.f("uq_stage_lesson_stage_id_kind_place")),
    )
    op.create_index("ix_stage_lesson_tip_id", "stage_lesson", ["tip_id"])
    op.create_table(
        "accepted_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("focus_area_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_accepted_gap_{column}_{table}"), ondelete=ondelete
            )
            for column, table, ondelete in (
                ("stage_id", "stage", None),
                ("value_id", "value", None),
                ("focus_area_id", "focus_area", None),
                ("municipality_id", "municipality", None),
                ("challenge_id", "challenge", "CASCADE"),
                ("by_id", "person", None),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_gap")),
        sa.UniqueConstraint(
            "stage_id",
            "value_id",
            "focus_area_id",
            "municipality_id",
            name=op.f("uq_accepted_gap_stage_id_value_id_focus_area_id_municipality_id"),
        ),
        sa.UniqueConstraint("challenge_id", name=op.f("uq_accepted_gap_challenge_id")),
    )
    op.create_index(
        "uq_accepted_gap_for_all",
        "accepted_gap",
        ["stage_id", "value_id", "focus_area_id"],
        unique=True,
        sqlite_where=_FOR_ALL,
        postgresql_where=_FOR_ALL,
    )


def downgrade() -> None:
    op.drop_index("uq_accepted_gap_for_all", "accepted_gap")
    op.drop_table("accepted_gap")
    op.drop_index("ix_stage_lesson_tip_id", "stage_lesson")
    op.drop_table("stage_lesson")
    op.drop_table("lesson_set")
