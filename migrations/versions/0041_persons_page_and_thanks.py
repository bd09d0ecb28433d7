"""What people show on their pages, and thanks from one to another."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_EARLIER = ("activity", "challenge", "tip", "comment")
#: What has been shown until now goes on being shown; thanks are nobody else's until somebody shows theirs.
_SHOWN = {"shows_title": sa.true(), "shows_done": sa.true(), "shows_thanks": sa.false()}
#: What can be about thanks; what refers to a decision stands before it.
_ABOUT_THANKS = (
    "appeal",
    "flag",
    "removal",
    "decision",
    "withdrawal",
    "moderator_note",
    "reading",
    "cheer",
    "contribution_municipality",
)


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        for name, usual in _SHOWN.items():
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=usual))
    with op.batch_alter_table("person") as batch:
        for name in _SHOWN:
            batch.alter_column(name, existing_type=sa.Boolean(), server_default=None)
    _allow((*_EARLIER, "thanks"))
    op.create_table(
        "thanks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.CheckConstraint("length(words) between 1 and 200", name=op.f("ck_thanks_words")),
        sa.CheckConstraint("owner_id <> to_id", name=op.f("ck_thanks_to_another")),
        sa.ForeignKeyConstraint(
            ["id", "owner_id"],
            ["contribution.id", "contribution.owner_id"],
            name=op.f("fk_thanks_id_owner_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_thanks_owner_id_person")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_thanks_to_id_person")),
        sa.ForeignKeyConstraint(
            ["about_id"], ["activity.id"], name=op.f("fk_thanks_about_id_activity"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("owner_id", "request_key", name=op.f("uq_thanks_owner_id_request_key")),
    )
    op.create_index("ix_thanks_to_id_id", "thanks", ["to_id", "id"])
    op.create_index("ix_thanks_owner_id_to_id_at", "thanks", ["owner_id", "to_id", "at"])
    op.create_index(op.f("ix_thanks_about_id"), "thanks", ["about_id"])


def downgrade() -> None:
    op.drop_table("thanks")
    _forget_thanks()
    _allow(_EARLIER)
    with op.batch_alter_table("person") as batch:
        for name in _SHOWN:
            batch.drop_column(name)


def _forget_thanks() -> None:
    """Under another kind they would be things without a row of their own. Nothing goes with them by itself here: on
    SQLite foreign keys are off (migrations/env.py)."""
    thanks = "(select id from contribution where kind = 'thanks')"
    decisions = f"(select id from decision where contribution_id in {thanks})"
    op.execute(f"delete from decision_municipality where decision_id in {decisions}")
    for table in _ABOUT_THANKS:
        op.execute(f"delete from {table} where contribution_id in {thanks}")
    op.execute("delete from contribution where kind = 'thanks'")


def _allow(kinds: tuple[str, ...]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("contribution") as batch:
        batch.drop_constraint(op.f("ck_contribution_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_contribution_kind"), f"kind in ({words})")
