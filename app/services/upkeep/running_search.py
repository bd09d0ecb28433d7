"""The index of the search as figures: a checksum of what each thing is found by, and how many words lead to it."""

from collections.abc import Iterator
from zlib import crc32

from sqlalchemy import func, select

from app.extensions import db
from app.models.search import SearchDocument, SearchKind, SearchPosting, SearchWord
from app.services.search.index import Entry, entry_of, rebuild
from app.services.search.texts import numbers_after, texts_of
from app.services.upkeep.running_figures import RunningFigure

_AT_A_TIME = 1000

#: Kind, number and figure.
_Figure = tuple[int, int, int]


def _kept() -> list[_Figure]:
    columns = (
        SearchDocument.kind, SearchDocument.thing_id, SearchDocument.municipality_id, SearchDocument.stems,
    )  # fmt: skip
    rows = db.session.execute(select(*columns))
    return [(kind, number, _checksum(Entry(place, stems))) for kind, number, place, stems in rows]


def _counted() -> list[_Figure]:
    return [(kind, number, _checksum(entry)) for kind, number, entry in _entries()]


def _postings() -> list[_Figure]:
    """Of each thing, the stems that lead to it, if they are those of words that can be looked for."""
    key = (SearchPosting.kind, SearchPosting.thing_id)
    known = SearchPosting.stem.in_(select(SearchWord.stem))
    query = select(*key, func.count()).where(known).group_by(*key)
    return [(kind, number, count) for kind, number, count in db.session.execute(query)]


def _stem_counts() -> list[_Figure]:
    return [(kind, number, len(entry.stems.split())) for kind, number, entry in _entries()]


def _entries() -> Iterator[tuple[int, int, Entry]]:
    """What the index should have, read in portions."""
    for kind in SearchKind:
        numbers = numbers_after(kind, 0, _AT_A_TIME)
        while numbers:
            for thing in texts_of(kind, numbers):
                yield kind.value, thing.thing_id, entry_of(thing)
            numbers = numbers_after(kind, numbers[-1], _AT_A_TIME)


def _checksum(entry: Entry) -> int:
    return crc32(repr(tuple(entry)).encode())


FIGURES = (
    RunningFigure(("search_document", "kind", "thing"), _kept, _counted, rebuild),
    RunningFigure(("search_posting", "kind", "thing"), _postings, _stem_counts, lambda: None),
)
