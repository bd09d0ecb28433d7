"""What may be meant by a word as it is typed: the stems of words that stand somewhere, each by how well it matches."""

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, literal, select, union_all

from app.extensions import db
from app.models.code_points import begins_with
from app.models.search import SearchEnding, SearchWord
from app.services.search.words import (
    FEWEST_LETTERS_TO_GUESS,
    LONGEST_ENDING,
    TypedWord,
    has_more_ending,
    likeness,
    looks_like_beginning,
    plain,
)

#: How many words are looked at that begin so, and that match in another way; and how many stems a typed word may mean.
#: They bound what a search costs, however many words there come to be.
_MOST_BEGINNINGS: Final = 400
_MOST_OTHERS: Final = 60
_MOST_STEMS: Final = 32
#: A word that is less alike is another word.
_LEAST_LIKENESS: Final = 0.3


class Match(IntEnum):
    """How a word matches what was typed. The best comes first among the answers."""

    WRITTEN = 0
    #: Typed without å, ä or ö.
    PLAIN = 1
    INFLECTED = 2
    #: A part of a compound.
    PART = 3
    #: But for one letter, or an ending that the stem does not know; only when there is nothing else.
    MISSPELT = 4


class Meant(NamedTuple):
    """How well the stem matches, and the word that does."""

    match: Match
    word: str


#: The stems that a typed word may mean.
Meaning = dict[str, Meant]


class _Word(NamedTuple):
    """A row of `SearchWord`."""

    word: str
    plain: str
    stem: str
    plain_stem: str


def meanings(typed: list[TypedWord]) -> list[Meaning]:
    """Of each word. Two queries at most."""
    found = _meanings(typed, _matching, _match)
    missing = [place for place, meaning in enumerate(found) if not meaning and typed[place].may_be_guessed]
    if missing:
        guesses = _meanings([typed[place] for place in missing], _nearly_matching, _near_match)
        for place, meaning in zip(missing, guesses, strict=True):
            found[place] = meaning
    return found


def nearest(typed: TypedWord, how_many: int) -> list[str]:
    """Words that stand somewhere and are most like one that does not, by their trigrams; of each stem one."""
    beginning = typed.plain[: FEWEST_LETTERS_TO_GUESS - 1]
    rows = db.session.execute(
        _first(begins_with(SearchWord.plain, beginning), SearchWord.plain, _MOST_BEGINNINGS)
    )
    alike = sorted((-likeness(row.plain, typed.plain), row.word, row.stem) for row in rows)
    near: dict[str, str] = {}
    for unlikeness, word, its_stem in alike:
        if -unlikeness >= _LEAST_LIKENESS:
            near.setdefault(its_stem, word)
    return list(near.values())[:how_many]


def _meanings(
    typed: list[TypedWord],
    candidates: Callable[[TypedWord], Iterator[Select[*tuple[Any, ...]]]],
    match: Callable[[TypedWord, _Word], Match | None],
) -> list[Meaning]:
    queries = [
        select(literal(place), query.subquery())
        for place, one in enumerate(typed)
        for query in candidates(one)
    ]
    found: list[set[tuple[Match, int, _Word]]] = [set() for _ in typed]
    for place, *spellings in db.session.connection().execute(union_all(*queries)):
        word = _Word(*spellings)
        how = match(typed[place], word)
        if how is not None:
            found[place].add((how, len(word.word), word))
    return [_best_of(words) for words in found]


def _best_of(words: set[tuple[Match, int, _Word]]) -> Meaning:
    """By stem, the word that matches best; the shortest first, since it says least beside what was typed."""
    meaning: Meaning = {}
    for how, _length, word in sorted(words):
        if len(meaning) == _MOST_STEMS:
            break
        meaning.setdefault(word.stem, Meant(how, word.word))
    return meaning


def _matching(typed: TypedWord) -> Iterator[Select[*tuple[Any, ...]]]:
    """Those that may match, by index; `_match` says how they do."""
    if typed.may_begin:
        yield _first(begins_with(SearchWord.word, typed.word), SearchWord.word, _MOST_BEGINNINGS)
        if typed.is_plain:
            yield _first(begins_with(SearchWord.plain, typed.word), SearchWord.plain, _MOST_BEGINNINGS)
    elif typed.is_plain:
        yield _first(SearchWord.plain == typed.word, SearchWord.plain, _MOST_OTHERS)
    yield _first(SearchWord.plain_stem == plain(typed.stem), SearchWord.plain_stem, _MOST_OTHERS)
    if typed.may_be_guessed:
        yield _with_part(plain(typed.part), _MOST_OTHERS)


def _match(typed: TypedWord, word: _Word) -> Match | None:
    if word.word == typed.word or (typed.may_begin and word.word.startswith(typed.word)):
        return Match.WRITTEN
    if typed.is_plain and (
        word.plain == typed.word or (typed.may_begin and word.plain.startswith(typed.word))
    ):
        return Match.PLAIN
    if word.stem == typed.stem:
        return Match.INFLECTED
    if typed.is_plain and word.plain_stem == typed.stem:
        return Match.PLAIN
    spelling = word.plain if typed.is_plain else word.word
    return Match.PART if typed.may_be_guessed and typed.part in spelling else None


def _nearly_matching(typed: TypedWord) -> Iterator[Select[*tuple[Any, ...]]]:
    """One letter can be wrong in one half alone, so the other half stands in the word; unless the two letters in the
    middle have changed places."""
    letters, half = typed.plain, len(typed.plain) // 2
    for beginning in {letters[:half], letters[: half - 1] + letters[half]}:
        yield _first(begins_with(SearchWord.plain, beginning), SearchWord.plain, _MOST_BEGINNINGS)
    yield _with_part(letters[half:], _MOST_BEGINNINGS)


def _near_match(typed: TypedWord, word: _Word) -> Match | None:
    spelling = word.plain if typed.is_plain else word.word
    alike = looks_like_beginning(spelling, typed.word) or has_more_ending(typed.word, spelling)
    return Match.MISSPELT if alike else None


def _first(condition: Any, order: Any, limit: int) -> Select[*tuple[Any, ...]]:
    return _words().where(condition).order_by(order, SearchWord.word).limit(limit)


def _with_part(part: str, limit: int) -> Select[*tuple[Any, ...]]:
    """Words in which it stands. The order is that of the index, so the range ends where the limit is reached."""
    query = _words().join(SearchEnding, SearchEnding.word == SearchWord.word)
    query = query.where(begins_with(SearchEnding.ending, part[:LONGEST_ENDING]))
    return query.order_by(SearchEnding.ending, SearchEnding.word).limit(limit)


def _words() -> Select[*tuple[Any, ...]]:
    return select(SearchWord.word, SearchWord.plain, SearchWord.stem, SearchWord.plain_stem)
