"""Comments about activities, tips and challenges, whom they mention, and who wants to hear no more of them."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_ONE_LEVEL = (
    "(answers_id is null and thread_about_id is not null and thread_about_id = about_id) "
    "or (answers_id is not null and thread_about_id is null)"
)
#: What can be about a comment; what refers to a decision stands before it.
_ABOUT_COMMENTS = (
    "appeal",
    "flag",
    "removal",
    "decision",
    "withdrawal",
    "cheer",
    "contribution_municipality",
)


def upgrade() -> None:
    with op.batch_alter_table("contribution") as batch:
        batch.add_column(sa.Column("comment_count", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("contribution") as batch:
        batch.alter_column("comment_count", existing_type=sa.Integer(), server_default=None)
        batch.create_check_constraint(op.f("ck_contribution_comment_count"), "comment_count >= 0")
    _kinds("'activity', 'challenge', 'tip', 'comment'")
    _add_comment()
    _add_mention()
    _add_thread_mute()


def _add_comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("thread_about_id", sa.Integer(), nullable=True),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(_ONE_LEVEL, name=op.f("ck_comment_one_level")),
        sa.CheckConstraint("length(body) between 1 and 1000", name=op.f("ck_comment_body")),
        sa.ForeignKeyConstraint(
            ["id", "owner_id"],
            ["contribution.id", "contribution.owner_id"],
            name=op.f("fk_comment_id_owner_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["answers_id", "about_id"],
            ["comment.id", "comment.thread_about_id"],
            name=op.f("fk_comment_answers_id_about_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_comment_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["contribution.id"],
            name=op.f("fk_comment_about_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_about_id"],
            ["contribution.id"],
            name=op.f("fk_comment_thread_about_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("id", "thread_about_id", name=op.f("uq_comment_id_thread_about_id")),
        sa.UniqueConstraint("owner_id", "request_key", name=op.f("uq_comment_owner_id_request_key")),
    )
    op.create_index("ix_comment_thread_about_id_id", "comment", ["thread_about_id", "id"])
    op.create_index("ix_comment_answers_id_id", "comment", ["answers_id", "id"])
    op.create_index("ix_comment_about_id_created_at", "comment", ["about_id", "created_at"])


def _add_mention() -> None:
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(person_id is null) <> (municipality_id is null)", name=op.f("ck_mention_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_mention_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_person_id_person")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_mention_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint("comment_id", "person_id", name=op.f("uq_mention_comment_id_person_id")),
        sa.UniqueConstraint(
            "comment_id", "municipality_id", name=op.f("uq_mention_comment_id_municipality_id")
        ),
    )
    op.create_index(op.f("ix_mention_person_id"), "mention", ["person_id"])
    op.create_index(op.f("ix_mention_municipality_id"), "mention", ["municipality_id"])


def _add_thread_mute() -> None:
    op.create_table(
        "thread_mute",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_thread_mute_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["contribution.id"],
            name=op.f("fk_thread_mute_about_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "about_id", name=op.f("pk_thread_mute")),
    )
    op.create_index(op.f("ix_thread_mute_about_id"), "thread_mute", ["about_id"])


def downgrade() -> None:
    op.drop_table("thread_mute")
    op.drop_table("mention")
    op.drop_table("comment")
    _forget_comments()
    _kinds("'activity', 'challenge', 'tip'")
    with op.batch_alter_table("contribution") as batch:
        batch.drop_constraint(op.f("ck_contribution_comment_count"), type_="check")
        batch.drop_column("comment_count")


def _forget_comments() -> None:
    """Under another kind they would be things without a row of their own. Nothing goes with them by itself here: on
    SQLite foreign keys are off (migrations/env.py)."""
    comments = "(select id from contribution where kind = 'comment')"
    decisions = f"(select id from decision where contribution_id in {comments})"
    op.execute(f"delete from decision_municipality where decision_id in {decisions}")
    for table in _ABOUT_COMMENTS:
        op.execute(f"delete from {table} where contribution_id in {comments}")
    op.execute("delete from contribution where kind = 'comment'")


def _kinds(words: str) -> None:
    with op.batch_alter_table("contribution") as batch:
        batch.drop_constraint(op.f("ck_contribution_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_contribution_kind"), f"kind in ({words})")
