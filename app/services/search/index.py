"""Every change to the index: a thing is put in as it is by now, or taken out, by one function."""

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, select

from app.extensions import Model, db
from app.models.search import SearchDocument, SearchEnding, SearchKind, SearchPosting, SearchWord
from app.models.upsert import upsert
from app.services.search.texts import KINDS, Texts, numbers_after, texts_of
from app.services.search.words import endings, indexed_words, plain, stem

_AT_A_TIME: Final = 500
_INDEXED: Final = select(SearchDocument.thing_id, SearchDocument.municipality_id, SearchDocument.stems).where(
    SearchDocument.kind == bindparam("kind"),
    SearchDocument.thing_id.in_(bindparam("numbers", expanding=True)),
)

Rows = list[dict[str, Any]]


class Entry(NamedTuple):
    """What the index has of a thing: for whom alone it is, and its stems as in `SearchDocument`."""

    municipality_id: int | None
    stems: str


def refresh(kind: SearchKind, numbers: Collection[int]) -> None:
    """Make the index say what these things are by now: changed, hidden, shown again or gone. A second call changes
    nothing. The caller makes others wait who would change the same thing."""
    db.session.flush()
    in_order = sorted(numbers)
    for begin in range(0, len(in_order), _AT_A_TIME):
        _refresh(kind, in_order[begin : begin + _AT_A_TIME])


def rebuild() -> None:
    """Write the whole index anew, and forget the words that stand nowhere any more."""
    db.session.flush()
    for table in (SearchPosting, SearchDocument, SearchEnding, SearchWord):
        db.session.execute(delete(table), execution_options={"synchronize_session": False})
    for kind in KINDS:
        numbers = numbers_after(kind, 0, _AT_A_TIME)
        while numbers:
            _refresh(kind, numbers)
            numbers = numbers_after(kind, numbers[-1], _AT_A_TIME)


def entry_of(thing: Texts) -> Entry:
    """What the index should have of it."""
    stems = {stem(word) for word in indexed_words(thing.texts)}
    return Entry(thing.municipality_id, " ".join(sorted(stems)))


def _refresh(kind: SearchKind, numbers: Collection[int]) -> None:
    things = {thing.thing_id: thing for thing in texts_of(kind, numbers)}
    old, new = _entries(kind, numbers), {number: entry_of(thing) for number, thing in things.items()}
    changed = sorted(number for number in old.keys() | new.keys() if old.get(number) != new.get(number))
    if not changed:
        return
    _learn(word for number in changed if number in things for word in indexed_words(things[number].texts))
    before, after = (_stems(entries, changed) for entries in (old, new))
    _take_out(SearchPosting, [_row(kind, number, stem=one) for number, one in sorted(before - after)])
    _put_in(SearchPosting, [_row(kind, number, stem=one) for number, one in sorted(after - before)])
    _take_out(SearchDocument, [_row(kind, number) for number in changed if number in old])
    _put_in(
        SearchDocument, [_row(kind, number, **new[number]._asdict()) for number in changed if number in new]
    )


def _entries(kind: SearchKind, numbers: Collection[int]) -> dict[int, Entry]:
    """By number, what the index has of them."""
    rows = db.session.execute(_INDEXED, {"kind": kind, "numbers": numbers})
    return {number: Entry(place, stems) for number, place, stems in rows}


def _stems(entries: dict[int, Entry], numbers: Iterable[int]) -> set[tuple[int, str]]:
    return {(number, one) for number in numbers if number in entries for one in entries[number].stems.split()}


def _row(kind: SearchKind, number: int, **columns: Any) -> dict[str, Any]:
    return {"kind": kind.value, "thing_id": number, **columns}


def _learn(words: Iterable[str]) -> None:
    """Add the words that never stood anywhere; in order, so that two who add the same do not wait for each other."""
    its = sorted(set(words))
    known = set(db.session.scalars(select(SearchWord.word).where(SearchWord.word.in_(its))))
    new = [word for word in its if word not in known]
    _put_in(SearchWord, [spellings_of(word) for word in new])
    _put_in(SearchEnding, [{"word": word, "ending": one} for word in new for one in sorted(endings(word))])


def spellings_of(word: str) -> dict[str, str]:
    """The row of a word."""
    its_stem = stem(word)
    return {"word": word, "plain": plain(word), "stem": its_stem, "plain_stem": plain(its_stem)}


def _put_in(model: type[Model], rows: Rows) -> None:
    if rows:
        db.session.connection().execute(upsert(model).on_conflict_do_nothing(), rows)


def _take_out(model: type[Model], rows: Rows) -> None:
    if rows:
        same = [getattr(model, column) == bindparam(f"this_{column}") for column in rows[0]]
        these = [{f"this_{column}": value for column, value in row.items()} for row in rows]
        db.session.connection().execute(delete(model).where(*same), these)
