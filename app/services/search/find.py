"""What is found by a query: one way for both engines, so the same things in the same order.

The order: how well the words match (`Match`; of several words the worst counts), then the newest. A thing must have all
words. Of each stem only the newest things are looked at, so that a search costs the same in ten years; where there may
be older ones, the results say so.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import String, bindparam, cast, func, select

from app.extensions import db
from app.models.paging import PAGE_SIZE, Page
from app.models.person import Person
from app.models.search import SearchDocument, SearchKind, SearchPosting, SearchWord
from app.services.search.vocabulary import Match, Meaning, meanings
from app.services.search.words import TypedWord, typed_words

#: Things of a kind with one stem among which a search looks for those that have the other words too, or that are for
#: the one who looks.
MOST_LOOKED_AT: Final = 500
#: The same where each is a hit: nobody reads so many.
MOST_OF_ONE_WORD: Final = 100


class Place(NamedTuple):
    """A hit's place among those of its kind: how well it matches, and its number, the newest first."""

    match: int
    number: int

    @property
    def key(self) -> tuple[int, int]:
        return self.match, -self.number


@dataclass(frozen=True)
class Hits:
    """All that was found of a kind, in order."""

    places: tuple[Place, ...]
    #: Whether there may be older ones, which were not looked at.
    has_older: bool

    def page(self, last: Place | None, size: int = PAGE_SIZE) -> Page[Place]:
        """Those after the place of the last one seen."""
        rest = [place for place in self.places if last is None or place.key > last.key]
        return Page(rest[:size], len(rest) > size)


@dataclass(frozen=True)
class Results:
    """What was found of each kind, and by which words; `typed` is empty when there was too little to look for."""

    typed: list[TypedWord]
    meanings: list[Meaning]
    hits: dict[SearchKind, Hits]

    @property
    def total(self) -> int:
        return sum(len(hits.places) for hits in self.hits.values())

    @property
    def has_older(self) -> bool:
        return any(hits.has_older for hits in self.hits.values())


_NOTHING: Final = Hits((), has_older=False)


def _most_of(kind: SearchKind) -> str:
    """The parameter that says how many of that kind are read."""
    return f"most_{kind.value}"


def _newest(kind: SearchKind) -> Any:
    newest = (
        select(SearchPosting.thing_id)
        .where(SearchPosting.stem == SearchWord.stem, SearchPosting.kind == kind)
        .order_by(SearchPosting.thing_id.desc())
        .limit(bindparam(_most_of(kind)))
        .correlate(SearchWord)
        .subquery()
    )
    return select(func.aggregate_strings(cast(newest.c.thing_id, String), ",")).scalar_subquery()


_POSTINGS: Final = select(SearchWord.stem, *(_newest(kind) for kind in SearchKind)).where(
    SearchWord.word.in_(bindparam("words", expanding=True))
)
_DOCUMENTS: Final = select(
    SearchDocument.kind, SearchDocument.thing_id, SearchDocument.municipality_id, SearchDocument.stems
).where(
    SearchDocument.kind.in_(bindparam("kinds", expanding=True)),
    SearchDocument.thing_id.in_(bindparam("numbers", expanding=True)),
)


def search(query: str, viewer: Person) -> Results:
    """Four queries at most, whatever is looked for and however much there is. They go past the session's own work for
    each row, since hundreds are read."""
    typed = typed_words(query)
    its = meanings(typed) if typed else []
    if not typed or not all(its):
        return Results(typed, its, dict.fromkeys(SearchKind, _NOTHING))
    most = {kind: _most(kind, its) for kind in SearchKind}
    postings = _postings(its, most)
    candidates = {kind: _candidates(its, postings[kind], most[kind]) for kind in SearchKind}
    documents = _documents(candidates, several=len(its) > 1)
    return Results(
        typed, its, {kind: _hits(kind, its, candidates[kind], documents, viewer) for kind in SearchKind}
    )


def _most(kind: SearchKind, its: list[Meaning]) -> int:
    """Of one word, all are hits but challenges, which may be for the people of another municipality."""
    return MOST_LOOKED_AT if len(its) > 1 or kind is SearchKind.CHALLENGE else MOST_OF_ONE_WORD


class _Candidates(NamedTuple):
    """Numbers that may be hits, with how well they match the word that has fewest; the best match first, then the
    newest."""

    matches: dict[int, Match]
    has_older: bool


#: Of a kind, by stem, the numbers of the newest that have it.
_Postings = dict[str, list[int]]


def _postings(its: list[Meaning], most: dict[SearchKind, int]) -> dict[SearchKind, _Postings]:
    """Each list is read from the end of one range of the index, in one query for all of them."""
    words = {meant.word for meaning in its for meant in meaning.values()}
    limits = {_most_of(kind): number for kind, number in most.items()}
    rows = db.session.connection().execute(_POSTINGS, {"words": sorted(words), **limits}).all()
    return {kind: {row[0]: _numbers(row[place]) for row in rows} for place, kind in enumerate(SearchKind, 1)}


def _numbers(text: str | None) -> list[int]:
    return [int(number) for number in text.split(",")] if text else []


def _candidates(its: list[Meaning], postings: _Postings, most: int) -> _Candidates:
    """Of the typed word that fewest have: what has them all is among these."""
    return min((_with_word(meaning, postings, most) for meaning in its), key=lambda found: len(found.matches))


def _with_word(meaning: Meaning, postings: _Postings, most: int) -> _Candidates:
    matches: dict[int, Match] = {}
    has_older = False
    for match in sorted({meant.match for meant in meaning.values()}):
        lists = [postings.get(stem, []) for stem, meant in meaning.items() if meant.match == match]
        newest = sorted({number for numbers in lists for number in numbers} - matches.keys(), reverse=True)
        has_older |= len(newest) > most or any(len(numbers) == most for numbers in lists)
        matches |= dict.fromkeys(newest[:most], match)
    return _Candidates(matches, has_older)


#: By kind and number: for whom alone it is, and its stems.
_Documents = dict[tuple[int, int], tuple[int | None, frozenset[str]]]


def _documents(candidates: dict[SearchKind, _Candidates], *, several: bool) -> _Documents:
    """What else the candidates have. Of one word, only that of challenges, which may be for one municipality."""
    kinds = list(SearchKind) if several else [SearchKind.CHALLENGE]
    numbers = {number for kind in kinds for number in candidates[kind].matches}
    if not numbers:
        return {}
    rows = db.session.connection().execute(_DOCUMENTS, {"kinds": kinds, "numbers": sorted(numbers)})
    return {(kind, number): (place, frozenset(stems.split())) for kind, number, place, stems in rows}


def _hits(
    kind: SearchKind, its: list[Meaning], candidates: _Candidates, documents: _Documents, viewer: Person
) -> Hits:
    places = []
    for number, match in candidates.matches.items():
        document = documents.get((kind, number))
        worst = _worst_match(its, document[1]) if document and len(its) > 1 else match
        if worst is not None and (document is None or _is_for(document[0], viewer)):
            places.append(Place(worst, number))
    if len(its) > 1:  # of one word, the candidates stand in order
        places.sort(key=lambda place: place.key)
    return Hits(tuple(places), candidates.has_older)


def _worst_match(its: list[Meaning], stems: frozenset[str]) -> Match | None:
    """How well the typed word that matches worst does; None when one of them is not there."""
    best = [min((meaning[stem].match for stem in meaning.keys() & stems), default=None) for meaning in its]
    found = [match for match in best if match is not None]
    return max(found) if len(found) == len(its) else None


def _is_for(municipality_id: int | None, viewer: Person) -> bool:
    """What is for one municipality is found by its people, and by those who moderate it."""
    return municipality_id in (None, viewer.municipality_id) or viewer.moderates(municipality_id or 0)
