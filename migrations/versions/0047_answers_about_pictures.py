"""A picture may stay withheld after its author has answered."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_EARLIER = (
    "keep", "ask", "hide", "restore", "uphold", "reopen", "set_aside", "withhold", "release", "merge", "check", "publish",
)  # fmt: skip
_ABOUT_PICTURES = ("withhold", "release")
_NEW = "keep_withheld"


def upgrade() -> None:
    with _unguarded():
        _allow((*_EARLIER, _NEW), (*_ABOUT_PICTURES, _NEW))


def downgrade() -> None:
    """Earlier code knows no such decision, nor answers about pictures: it is withheld once more, and what waits for a
    decision counts as settled by the one that it answers, since that code would take it for an answer about the thing."""
    with _unguarded():
        op.execute(f"update decision set verdict = 'withhold' where verdict = '{_NEW}'")  # noqa: S608
        op.execute(
            "update appeal set settled_by_id = decision_id where settled_by_id is null "
            "and decision_id in (select id from decision where verdict = 'withhold')"
        )
        _allow(_EARLIER, _ABOUT_PICTURES)


def _allow(verdicts: tuple[str, ...], about_pictures: tuple[str, ...]) -> None:
    words, of_pictures = (
        ", ".join(f"'{word}'" for word in some) for some in (verdicts, about_pictures)
    )
    with op.batch_alter_table("decision") as batch:
        batch.drop_constraint(op.f("ck_decision_verdict"), type_="check")
        batch.create_check_constraint(op.f("ck_decision_verdict"), f"verdict in ({words})")
        batch.drop_constraint(op.f("ck_decision_about_picture"), type_="check")
        batch.create_check_constraint(
            op.f("ck_decision_about_picture"), f"photo_id is null or verdict in ({of_pictures})"
        )


@contextmanager
def _unguarded() -> Iterator[None]:
    """SQLite drops the table's triggers with the table that a copy takes the place of, and refuses to rename one that
    another table's trigger names, so all are made anew as they were."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE decision DISABLE TRIGGER USER")
        yield
        op.execute("ALTER TABLE decision ENABLE TRIGGER USER")
        return
    triggers = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _statement in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, statement in triggers:
        op.get_bind().exec_driver_sql(statement)
