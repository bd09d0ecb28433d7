"""What a board's row opens to, neighbours among those who want to be shown, and questions about points."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Whoever has left or belongs to the office is shown no more.
_NOT_SHOWN = "update person set ranked = false where left_at is not null or role = 'lead'"

_PEERS = """
insert into peer_total (stage_id, person_id, points)
select person_total.stage_id, person_total.person_id, sum(person_total.points)
from person_total join person on person.id = person_total.person_id and person.ranked
group by person_total.stage_id, person_total.person_id
"""

_OPEN = sa.text("answered_at is null")
_SET_RIGHT = sa.text("points <> 0")


def upgrade() -> None:
    op.create_index(
        "ix_point_entry_board",
        "point_entry",
        ["municipality_id", "stage_id", "at", "contribution_id", "points"],
    )
    _create_peer_total()
    _create_point_question()
    op.execute(_NOT_SHOWN)
    op.execute(_PEERS)


def _create_peer_total() -> None:
    op.create_table(
        "peer_total",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_peer_total_stage_id_stage")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_peer_total_person_id_person")),
        sa.PrimaryKeyConstraint("stage_id", "person_id", name=op.f("pk_peer_total")),
    )
    op.create_index(op.f("ix_peer_total_person_id"), "peer_total", ["person_id"])
    op.create_index("ix_peer_total_stage_id_points", "peer_total", ["stage_id", "points", "person_id"])


def _create_point_question() -> None:
    table = "point_question"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f(f"ck_{table}_text_given")),
        sa.CheckConstraint(
            "(answered_at is null) = (answered_by_id is null)", name=op.f(f"ck_{table}_answered_by_somebody")
        ),
        sa.CheckConstraint(
            "answered_at is not null or (answer = '' and points = 0)", name=op.f(f"ck_{table}_answered_first")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["point_entry.id"], name=op.f(f"fk_{table}_entry_id_point_entry")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f(f"fk_{table}_answered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_entry_id"), table, ["entry_id"])
    for name, columns, unique, where in (
        ("uq_point_question_open", ["entry_id"], True, _OPEN),
        ("uq_point_question_set_right", ["entry_id"], True, _SET_RIGHT),
        ("ix_point_question_waiting", ["asked_at", "id"], False, _OPEN),
    ):
        op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("point_question")
    op.drop_table("peer_total")
    op.drop_index("ix_point_entry_board", "point_entry")
