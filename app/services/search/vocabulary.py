"""What may be meant by a word as it is typed: the stems of words that stand somewhere, each by how well it matches."""

from collections.abc import Callable, Iterator
from enum import Enum, IntEnum, auto
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, CompoundSelect, Select, bindparam, literal, select, union_all

from app.extensions import db
from app.models.code_points import CodePoints, begins_with
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
    looks: Callable[[TypedWord], Iterator["_Look"]],
    match: Callable[[TypedWord, _Word], Match | None],
) -> list[Meaning]:
    looked = [(place, look) for place, one in enumerate(typed) for look in looks(one)]
    query = _query(*((place, look.way) for place, look in looked))
    texts = {f"text_{number}": look.text for number, (_place, look) in enumerate(looked)}
    found: list[set[tuple[Match, int, _Word]]] = [set() for _ in typed]
    for place, *spellings in db.session.connection().execute(query, texts):
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


class _Way(Enum):
    """A way to look for words by one index."""

    BEGINS = auto()
    BEGINS_PLAIN = auto()
    IS_PLAIN = auto()
    HAS_STEM = auto()
    HAS_PART = auto()
    HAS_HALF = auto()


class _Look(NamedTuple):
    """For which text one looks, and how."""

    way: _Way
    text: str


@lru_cache(maxsize=256)
def _query(*ways: tuple[int, _Way]) -> CompoundSelect[*tuple[Any, ...]]:
    """Rows of a typed word's place and a word that may be meant, in those ways. Of each, the text is a parameter, so
    that the query is made once for all words that are looked for alike."""
    return union_all(
        *(
            select(literal(place), _found(way, bindparam(f"text_{number}", type_=CodePoints)).subquery())
            for number, (place, way) in enumerate(ways)
        )
    )


def _found(way: _Way, text: BindParameter[str]) -> Select[*tuple[Any, ...]]:
    """Those that may match, by index; `_match` says how they do."""
    match way:
        case _Way.BEGINS:
            return _first(begins_with(SearchWord.word, text), SearchWord.word, _MOST_BEGINNINGS)
        case _Way.BEGINS_PLAIN:
            return _first(begins_with(SearchWord.plain, text), SearchWord.plain, _MOST_BEGINNINGS)
        case _Way.IS_PLAIN:
            return _first(SearchWord.plain == text, SearchWord.plain, _MOST_OTHERS)
        case _Way.HAS_STEM:
            return _first(SearchWord.plain_stem == text, SearchWord.plain_stem, _MOST_OTHERS)
        case _Way.HAS_PART:
            return _with_part(text, _MOST_OTHERS)
        case _Way.HAS_HALF:
            return _with_part(text, _MOST_BEGINNINGS)


def _matching(typed: TypedWord) -> Iterator[_Look]:
    if typed.may_begin:
        yield _Look(_Way.BEGINS, typed.word)
        if typed.is_plain:
            yield _Look(_Way.BEGINS_PLAIN, typed.word)
    elif typed.is_plain:
        yield _Look(_Way.IS_PLAIN, typed.word)
    yield _Look(_Way.HAS_STEM, plain(typed.stem))
    if typed.may_be_guessed:
        yield _Look(_Way.HAS_PART, plain(typed.part)[:LONGEST_ENDING])


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


def _nearly_matching(typed: TypedWord) -> Iterator[_Look]:
    """One letter can be wrong in one half alone, so the other half stands in the word; unless the two letters in the
    middle have changed places."""
    letters, half = typed.plain, len(typed.plain) // 2
    for beginning in {letters[:half], letters[: half - 1] + letters[half]}:
        yield _Look(_Way.BEGINS_PLAIN, beginning)
    yield _Look(_Way.HAS_HALF, letters[half:][:LONGEST_ENDING])


def _near_match(typed: TypedWord, word: _Word) -> Match | None:
    spelling = word.plain if typed.is_plain else word.word
    alike = looks_like_beginning(spelling, typed.word) or has_more_ending(typed.word, spelling)
    return Match.MISSPELT if alike else None


def _first(condition: Any, order: Any, limit: int) -> Select[*tuple[Any, ...]]:
    return _words().where(condition).order_by(order, SearchWord.word).limit(limit)


def _with_part(part: BindParameter[str], limit: int) -> Select[*tuple[Any, ...]]:
    """Words in which it stands. The order is that of the index, so the range ends where the limit is reached."""
    query = _words().join(SearchEnding, SearchEnding.word == SearchWord.word)
    query = query.where(begins_with(SearchEnding.ending, part))
    return query.order_by(SearchEnding.ending, SearchEnding.word).limit(limit)


def _words() -> Select[*tuple[Any, ...]]:
    return select(SearchWord.word, SearchWord.plain, SearchWord.stem, SearchWord.plain_stem)
