"""Ideas that spread: what is borrowed from what, how far each idea has come, and what is lifted as a model for all."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _activity(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_activity")
    return sa.ForeignKeyConstraint([column], ["activity.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "adoption",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("activity_id <> origin_id", name=op.f("ck_adoption_not_from_itself")),
        sa.CheckConstraint("activity_id <> root_id", name=op.f("ck_adoption_not_its_own_root")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_adoption_points")),
        *(_activity("adoption", column) for column in ("activity_id", "origin_id", "root_id", "branch_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_adoption")),
    )
    op.create_index(
        "ix_adoption_root_id_branch_id_activity_id", "adoption", ["root_id", "branch_id", "activity_id"]
    )
    op.create_index("ix_adoption_origin_id_at", "adoption", ["origin_id", "at"])
    op.create_index(op.f("ix_adoption_branch_id"), "adoption", ["branch_id"])
    op.create_table(
        "idea_spread",
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("adoptions", sa.Integer(), nullable=False),
        sa.CheckConstraint("adoptions >= 0", name=op.f("ck_idea_spread_adoptions")),
        _activity("idea_spread", "root_id"),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_idea_spread_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("root_id", "municipality_id", name=op.f("pk_idea_spread")),
    )
    op.create_table(
        "best_practice",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.CheckConstraint("length(sentence) between 1 and 200", name=op.f("ck_best_practice_sentence")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_best_practice_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_best_practice_by_id_person")),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_best_practice")),
    )
    op.drop_index(op.f("ix_activity_focus_area_id"), "activity")
    op.create_index("ix_activity_focus_area_id_planned_for", "activity", ["focus_area_id", "planned_for"])
    op.create_index("ix_activity_focus_area_id_value_id_id", "activity", ["focus_area_id", "value_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_activity_focus_area_id_value_id_id", "activity")
    op.drop_index("ix_activity_focus_area_id_planned_for", "activity")
    op.create_index(op.f("ix_activity_focus_area_id"), "activity", ["focus_area_id"])
    op.drop_table("best_practice")
    op.drop_table("idea_spread")
    op.drop_index(op.f("ix_adoption_branch_id"), "adoption")
    op.drop_index("ix_adoption_origin_id_at", "adoption")
    op.drop_index("ix_adoption_root_id_branch_id_activity_id", "adoption")
    op.drop_table("adoption")
