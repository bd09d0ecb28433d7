"""Hostile words, put where everything that people write is kept."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import text

from app.extensions import db
from app.text import one_line, trimmed
from tests.browser.live import Live
from tests.browser.payloads import PAYLOADS
from tests.browser.written import KEPT, Kept


def harmless_words(words: str) -> str:
    """As long, with blanks, commas and lines in the same places: several may be named in one field."""
    return re.sub(r"[^\w\s,;]", "x", words)


def words_of(kept: Kept) -> str:
    """What is in that column by now: as the form would have cleaned it, after a word of its own."""
    first = f"{kept.column.replace('.', ' ').replace('_', ' ')} says "
    return first + (trimmed("\n".join(PAYLOADS)) if kept.is_long else one_line(" ".join(PAYLOADS)))


def write_everywhere(house: Live, change: Callable[[str], str]) -> None:
    with house.app.app_context():
        db.session.execute(text("pragma ignore_check_constraints = on"))
        db.session.execute(
            text("drop trigger if exists decision_unchanged")
        )  # what is decided is never changed else
        for settled in ("flag", "appeal", "moderator_note"):
            db.session.execute(text(f"drop trigger if exists {settled}_unchanged"))
        for kept in KEPT:
            table, column = kept.column.split(".")
            _write(table, column, kept.shape, change(words_of(kept)))
        db.session.commit()
        db.session.execute(text("pragma ignore_check_constraints = off"))


def _write(table: str, column: str, shape: str, words: str) -> None:
    rows = db.session.execute(text(f"select rowid, {column} from {table}")).all()
    assert rows, f"{table} is empty"
    for number, before in rows:
        after = _SHAPES[shape](words, before, number)
        if after is not None:
            row = {"after": after, "number": number}
            db.session.execute(text(f"update {table} set {column} = :after where rowid = :number"), row)


def _parameters(words: str, before: str, _number: int) -> str:
    """What people wrote and what they are called stands in a notice too."""
    told: dict[str, Any] = json.loads(before)
    return json.dumps({key: words if key in ("title", "name", "sentence", "text") and isinstance(old, str) else old
                       for key, old in told.items()})  # fmt: skip


def _snapshot(words: str, before: str | None, _number: int) -> str | None:
    if before is None or before == "null":
        return None
    return re.sub(
        r'("word": )"(?:[^"\\\\]|\\\\.)*"', lambda found: found[1] + json.dumps(words), before, count=1
    )


_SHAPES: Final[Mapping[str, Callable[[str, Any, int], str | None]]] = {
    "text": lambda words, _before, _number: words,
    # Who said nothing goes on saying nothing, since more can be said only then.
    "said": lambda words, before, _number: words if before else None,
    "list": lambda words, _before, _number: json.dumps([words, "x"]),
    "languages": lambda words, _before, _number: json.dumps({"sv": words, "en": words}),
    "parameters": _parameters,
    "words": _snapshot,
}
