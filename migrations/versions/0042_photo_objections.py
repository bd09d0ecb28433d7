"""Somebody in a picture does not want it: objections, what was decided, and from whom the picture is withheld."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_EARLIER_VERDICTS = ("keep", "ask", "hide", "restore", "uphold", "reopen", "set_aside")
_OPEN = "decision_id is null and ended_at is null"


def upgrade() -> None:
    with op.batch_alter_table("photo") as batch:
        batch.add_column(sa.Column("withheld", sa.String(), nullable=True))
        batch.create_check_constraint(op.f("ck_photo_withheld"), "withheld in ('public', 'all')")
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("photo_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_decision_photo_id_photo"), "photo", ["photo_id"], ["id"], ondelete="SET NULL"
        )
        _allow_verdicts(batch, (*_EARLIER_VERDICTS, "withhold", "release"))
        batch.create_check_constraint(
            op.f("ck_decision_about_picture"), "photo_id is null or verdict in ('withhold', 'release')"
        )
    op.create_index("ix_decision_photo_id", "decision", ["photo_id"])
    _create_objections()


def _allow_verdicts(batch: BatchOperations, verdicts: tuple[str, ...]) -> None:
    words = ", ".join(f"'{word}'" for word in verdicts)
    batch.drop_constraint(op.f("ck_decision_verdict"), type_="check")
    batch.create_check_constraint(op.f("ck_decision_verdict"), f"verdict in ({words})")


def _create_objections() -> None:
    op.create_table(
        "photo_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(words) <= 500", name=op.f("ck_photo_objection_words")),
        sa.CheckConstraint(
            "decision_id is null or ended_at is null", name=op.f("ck_photo_objection_ended_once")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_photo_objection_photo_id_photo"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_photo_objection_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_photo_objection_by_id_person")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_photo_objection_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_objection")),
    )
    for column in ("photo_id", "contribution_id", "by_id", "decision_id"):
        op.create_index(f"ix_photo_objection_{column}", "photo_objection", [column])
    _index("uq_photo_objection_open_by", ["photo_id", "by_id"], f"{_OPEN} and by_id is not null", unique=True)
    _index("uq_photo_objection_open", ["photo_id"], f"{_OPEN} and by_id is null", unique=True)
    _index("ix_photo_objection_waiting", ["at"], _OPEN, unique=False)


def _index(name: str, columns: list[str], where: str, *, unique: bool) -> None:
    op.create_index(
        name,
        "photo_objection",
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def downgrade() -> None:
    """Earlier code would show what is withheld: such pictures are as those that could not be prepared, which nobody is
    shown. What was decided about pictures is forgotten."""
    op.execute("update photo set due_at = null, refusal = 'not_an_image' where withheld is not null")
    op.drop_table("photo_objection")
    op.drop_index("ix_decision_photo_id", "decision")
    op.execute(
        "delete from decision_municipality where decision_id in "
        "(select id from decision where verdict in ('withhold', 'release'))"
    )
    op.execute("delete from decision where verdict in ('withhold', 'release')")
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("ck_decision_about_picture"), type_="check")
        batch.drop_constraint(op.f("fk_decision_photo_id_photo"), type_="foreignkey")
        batch.drop_column("photo_id")
        _allow_verdicts(batch, _EARLIER_VERDICTS)
    with op.batch_alter_table("photo") as batch:
        batch.drop_constraint(op.f("ck_photo_withheld"), type_="check")
        batch.drop_column("withheld")
