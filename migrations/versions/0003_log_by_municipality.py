"""A coordinator's log is read by municipality, and moderators and settled reports are found by index."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PRESENT = sa.text("left_at is null")


def upgrade() -> None:
    op.create_table(
        "decision_municipality",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_decision_municipality_decision_id_decision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_decision_municipality_municipality_id_municipality"),
        ),
        sa.PrimaryKeyConstraint("municipality_id", "decision_id", name=op.f("pk_decision_municipality")),
    )
    op.create_index("ix_decision_municipality_decision_id", "decision_municipality", ["decision_id"])
    op.execute(
        "insert into decision_municipality (municipality_id, decision_id) "
        "select place.municipality_id, decision.id from decision "
        "join activity_municipality as place on place.activity_id = decision.activity_id"
    )
    op.drop_index("ix_decision_at_id", "decision")
    op.create_index("ix_report_decision_id", "report", ["decision_id"])
    op.create_index(
        "ix_person_role_municipality_id",
        "person",
        ["role", "municipality_id"],
        sqlite_where=_PRESENT,
        postgresql_where=_PRESENT,
    )


def downgrade() -> None:
    op.drop_index("ix_person_role_municipality_id", "person")
    op.drop_index("ix_report_decision_id", "report")
    op.create_index("ix_decision_at_id", "decision", ["at", "id"])
    op.drop_table("decision_municipality")
