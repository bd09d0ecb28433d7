"""The index of the search, filled with what can be found by now.

Its words are made by the code that makes them today (app/services/search/words.py), since an index is no record: should
that change, a later migration or `flask search rebuild` writes it anew.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.services.search.words import endings, indexed_words, plain, stem

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_AT_A_TIME = 1000
_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

_VISIBLE = """
not exists (select 1 from removal where removal.contribution_id = {0})
and not exists (select 1 from withdrawal where withdrawal.contribution_id = {0})
"""
#: By kind: number, for whom alone it is, and texts; after `:last`, in order.
_THINGS = {
    1: f"""
        select activity.id, null, title, place, audience, success_sign, story
        from activity left join outcome on outcome.activity_id = activity.id
        where activity.id > :last and {_VISIBLE.format("activity.id")} order by activity.id limit :most
    """,
    2: f"""
        select tip.id, null, text, municipality.name
        from tip join municipality on municipality.id = tip.municipality_id
        where tip.id > :last and {_VISIBLE.format("tip.id")} and {_VISIBLE.format("tip.activity_id")}
        order by tip.id limit :most
    """,
    3: f"""
        select challenge.id, municipality_id, title, why, done_when, municipality.name
        from challenge left join municipality on municipality.id = challenge.municipality_id
        where challenge.id > :last and opened_at is not null and {_VISIBLE.format("challenge.id")}
        order by challenge.id limit :most
    """,
    4: """
        select person.id, null, person.name, title, municipality.name
        from person join municipality on municipality.id = person.municipality_id
        where person.id > :last and left_at is null order by person.id limit :most
    """,
}
_ACTIVITY, _CHALLENGE = 1, 3
_PLACES = """
select contribution_id, name from contribution_municipality
join municipality on municipality.id = contribution_municipality.municipality_id
where contribution_id between :first and :last
"""


def upgrade() -> None:
    _create()
    known: set[str] = set()
    for kind, query in _THINGS.items():
        for things in _portions(query):
            _index(kind, things, known)


def downgrade() -> None:
    op.drop_table("search_ending")
    op.drop_index("ix_search_word_plain_stem", "search_word")
    op.drop_index("ix_search_word_plain", "search_word")
    op.drop_table("search_word")
    op.drop_table("search_posting")
    op.drop_table("search_document")


def _create() -> None:
    op.create_table(
        "search_document",
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("thing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("stems", sa.String(), nullable=False),
        sa.CheckConstraint("kind between 1 and 4", name=op.f("ck_search_document_kind")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_search_document_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("kind", "thing_id", name=op.f("pk_search_document")),
    )
    op.create_table(
        "search_posting",
        sa.Column("stem", _TEXT, nullable=False),
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("thing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("kind between 1 and 4", name=op.f("ck_search_posting_kind")),
        sa.PrimaryKeyConstraint("stem", "kind", "thing_id", name=op.f("pk_search_posting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_word",
        *(sa.Column(name, _TEXT, nullable=False) for name in ("word", "plain", "stem", "plain_stem")),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index("ix_search_word_plain", "search_word", ["plain"])
    op.create_index("ix_search_word_plain_stem", "search_word", ["plain_stem"])
    op.create_table(
        "search_ending",
        sa.Column("ending", _TEXT, nullable=False),
        sa.Column("word", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["word"], ["search_word.word"], name=op.f("fk_search_ending_word_search_word"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ending", "word", name=op.f("pk_search_ending")),
        sqlite_with_rowid=False,
    )


def _portions(query: str) -> Iterator[list[Any]]:
    last = 0
    while things := list(op.get_bind().execute(sa.text(query), {"last": last, "most": _AT_A_TIME})):
        yield things
        last = things[-1][0]


def _index(kind: int, things: list[Any], known: set[str]) -> None:
    places = _places(things) if kind == _ACTIVITY else {}
    words = {thing[0]: indexed_words([*_texts(kind, thing), *places.get(thing[0], [])]) for thing in things}
    _learn({word for its in words.values() for word in its} - known)
    known.update(*words.values())
    stems = {number: sorted({stem(word) for word in its}) for number, its in words.items()}
    _insert("search_document", (
        {"kind": kind, "thing_id": thing[0], "municipality_id": thing[1], "stems": " ".join(stems[thing[0]])}
        for thing in things
    ))
    _insert("search_posting", (
        {"kind": kind, "thing_id": number, "stem": one} for number, its in stems.items() for one in its
    ))


def _places(things: list[Any]) -> dict[int, list[str]]:
    """By activity, the names of the municipalities that take part."""
    names: dict[int, list[str]] = {}
    between = {"first": things[0][0], "last": things[-1][0]}
    for number, name in op.get_bind().execute(sa.text(_PLACES), between):
        names.setdefault(number, []).append(name)
    return names


def _texts(kind: int, thing: Any) -> list[str]:
    """What counts as done is a list, which SQLite gives as JSON."""
    texts = [*thing[2:]]
    if kind == _CHALLENGE:
        done_when = texts.pop(2)
        texts += json.loads(done_when) if isinstance(done_when, str) else done_when
    return [text for text in texts if text]


def _learn(words: set[str]) -> None:
    _insert("search_word", (
        {"word": word, "plain": plain(word), "stem": stem(word), "plain_stem": plain(stem(word))} for word in words
    ))
    _insert("search_ending", ({"word": word, "ending": one} for word in words for one in endings(word)))


def _insert(table: str, rows: Iterable[dict[str, Any]]) -> None:
    in_order = list(rows)
    if in_order:
        columns = [sa.column(name) for name in in_order[0]]
        op.get_bind().execute(sa.insert(sa.table(table, *columns)), in_order)
