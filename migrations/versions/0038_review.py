"""Asking an author to change something, what many have flagged, limits for a time, and the moderators' notes."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_EARLIER_VERDICTS = ("hide", "keep", "restore", "uphold", "reopen")
_VERDICTS = ("keep", "ask", "hide", "restore", "uphold", "reopen", "set_aside")
_EARLIER_REASONS = ("consent", "personal_data", "tone", "off_topic", "other")
_REASONS = ("personal_data", "consent", "tone", "off_topic", "spam", "wrong", "other")


def upgrade() -> None:
    with op.batch_alter_table("decision") as batch:
        batch.add_column(sa.Column("limits_until", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("after_rest_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_decision_after_rest_id_decision"), "decision", ["after_rest_id"], ["id"]
        )
        batch.alter_column("by_id", existing_type=sa.Integer(), nullable=True)
        _say_what_is_allowed(batch, "decision", "verdict", _VERDICTS)
        batch.create_check_constraint(
            op.f("ck_decision_by_somebody"), "(by_id is null) = (verdict = 'set_aside')"
        )
    with op.batch_alter_table("flag") as batch:
        _say_what_is_allowed(batch, "flag", "reason", _REASONS)
    op.create_index("ix_flag_by_id", "flag", ["by_id"])
    with op.batch_alter_table("appeal") as batch:
        batch.add_column(sa.Column("is_changed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("appeal") as batch:
        batch.alter_column("is_changed", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("limited_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("programme") as batch:
        batch.add_column(sa.Column("moderation", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("moderation", existing_type=sa.JSON(), server_default=None)
    _create_notes_and_claims()


def _say_what_is_allowed(
    batch: BatchOperations, table: str, column: str, allowed: tuple[str, ...]
) -> None:
    words = ", ".join(f"'{word}'" for word in allowed)
    batch.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
    batch.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} in ({words})")


def _create_notes_and_claims() -> None:
    op.create_table(
        "moderator_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_moderator_note_by_id_person")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_moderator_note_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderator_note")),
    )
    op.create_index("ix_moderator_note_contribution_id", "moderator_note", ["contribution_id"])
    op.create_table(
        "reading",
        sa.Column("contribution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_reading_by_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_reading_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_reading")),
    )


def downgrade() -> None:
    """What earlier code does not know becomes what is nearest: what rests is hidden, by whoever has been here longest."""
    op.drop_table("reading")
    op.drop_table("moderator_note")
    for table, column in (("programme", "moderation"), ("person", "limited_until"), ("appeal", "is_changed")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_index("ix_flag_by_id", "flag")
    op.execute("update flag set reason = 'other' where reason in ('spam', 'wrong')")
    with op.batch_alter_table("flag") as batch:
        _say_what_is_allowed(batch, "flag", "reason", _EARLIER_REASONS)
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("ck_decision_by_somebody"), type_="check")
        batch.drop_constraint(op.f("ck_decision_verdict"), type_="check")
    op.execute("update decision set by_id = (select min(id) from person) where by_id is null")
    op.execute("update decision set verdict = 'hide' where verdict in ('ask', 'set_aside')")
    op.execute("update decision set reason = 'other' where reason in ('spam', 'wrong')")
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("fk_decision_after_rest_id_decision"), type_="foreignkey")
        batch.drop_column("after_rest_id")
        batch.drop_column("limits_until")
        batch.alter_column("by_id", existing_type=sa.Integer(), nullable=False)
        words = ", ".join(f"'{word}'" for word in _EARLIER_VERDICTS)
        batch.create_check_constraint(op.f("ck_decision_verdict"), f"verdict in ({words})")
