"""Words as the index has them: small letters, no marks but å, ä and ö, and their stems."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import Stemmer

from app.text import search_words, words_in_order

#: Letters of a word that are looked at, and of an ending: the half of a short word that was typed right is one.
_LONGEST_WORD: Final = 40
_SHORTEST_ENDING: Final = 2
LONGEST_ENDING: Final = 12
#: Shorter words are too much alike for their parts and near misses to mean anything.
FEWEST_LETTERS_TO_GUESS: Final = 4
#: A single letter begins too many words.
_FEWEST_LETTERS_TO_BEGIN: Final = 2
_LONGEST_INFLECTION: Final = 3
#: What is read of a query.
LONGEST_QUERY: Final = 100
MOST_WORDS: Final = 8

#: Words that nearly every text has, and that nobody looks for.
_EVERYWHERE: Final = frozenset({
    "alla", "att", "av", "de", "den", "det", "detta", "din", "du", "då", "där", "eller", "en", "ett", "från", "för",
    "ha", "har", "hur", "i", "in", "inte", "jag", "kan", "man", "med", "men", "mig", "min", "mot", "ni", "nu", "när",
    "och", "om", "oss", "på", "sedan", "sig", "sin", "som", "så", "till", "upp", "ut", "var", "vara", "vi", "vid",
    "är", "även", "över",
})  # fmt: skip
_PLAIN: Final = str.maketrans("åäö", "aao")


class _Stemmers(threading.local):
    """One for each thread, as the library asks."""

    def __init__(self) -> None:
        self.swedish = Stemmer.Stemmer("swedish")


_stemmers = _Stemmers()


def stem(word: str) -> str:
    """`biblioteken` is `bibliotek`. By Snowball on both engines, since they disagree on common words."""
    return str(_stemmers.swedish.stemWord(word))


def plain(word: str) -> str:
    """As it is typed on a keyboard without å, ä and ö."""
    return word if word.isascii() else word.translate(_PLAIN)


def indexed_words(texts: Iterable[str]) -> frozenset[str]:
    """The words by which a thing with these texts is found."""
    return frozenset(word[:_LONGEST_WORD] for word in search_words("\n".join(texts)) - _EVERYWHERE)


def endings(word: str) -> set[str]:
    """All endings of a word, in plain letters, and cut where they are long: a part of a compound begins one."""
    letters = plain(word)
    places = range(len(letters) - _SHORTEST_ENDING + 1)
    return {letters[place : place + LONGEST_ENDING] for place in places}


@dataclass(frozen=True)
class TypedWord:
    """A word of a query. `is_last` is the one that is being typed: what begins like it is meant too."""

    word: str
    is_last: bool

    @cached_property
    def plain(self) -> str:
        return plain(self.word)

    @cached_property
    def stem(self) -> str:
        return stem(self.word)

    @cached_property
    def part(self) -> str:
        """What of it stands in a compound, whatever its ending there."""
        return self.stem if len(self.stem) >= FEWEST_LETTERS_TO_GUESS else self.word

    @cached_property
    def is_plain(self) -> bool:
        """It may mean words with å, ä or ö; one that has such a letter means that letter."""
        return self.word == self.plain

    @cached_property
    def may_begin(self) -> bool:
        return self.is_last and len(self.word) >= _FEWEST_LETTERS_TO_BEGIN

    @cached_property
    def may_be_guessed(self) -> bool:
        return len(self.word) >= FEWEST_LETTERS_TO_GUESS


def typed_words(query: str) -> list[TypedWord]:
    """What is looked for, in order and each once; without what nearly every text has, unless there is nothing else.
    Empty when that is too little to look for."""
    words = [word[:_LONGEST_WORD] for word in dict.fromkeys(words_in_order(query[:LONGEST_QUERY]))][
        :MOST_WORDS
    ]
    telling = [word for word in words if word not in _EVERYWHERE] or words[-1:]
    typed = [TypedWord(word, word == words[-1]) for word in telling]
    return typed if any(len(one.word) >= _FEWEST_LETTERS_TO_BEGIN for one in typed) else []


def looks_like_beginning(word: str, typed: str) -> bool:
    """Whether the word begins as typed but for one letter: wrong, missing, too many, or two that changed places."""
    place = next((n for n, (one, other) in enumerate(zip(word, typed, strict=False)) if one != other), None)
    if place is None:
        return len(word) >= len(typed) - 1
    rest, typed_rest = word[place:], typed[place:]
    wrong = rest[1:].startswith(typed_rest[1:])
    missing = rest[1:].startswith(typed_rest)
    too_many = rest.startswith(typed_rest[1:])
    swapped = typed_rest[1:2] + typed_rest[:1] == rest[:2] and rest[2:].startswith(typed_rest[2:])
    return wrong or missing or too_many or swapped


def has_more_ending(typed: str, word: str) -> bool:
    """Whether it was typed in a form that Snowball does not know: `motellet` of `motell`."""
    more = len(typed) - len(word)
    return len(word) >= FEWEST_LETTERS_TO_GUESS and 0 < more <= _LONGEST_INFLECTION and typed.startswith(word)


def likeness(one: str, other: str) -> float:
    """From 0 to 1: how many of their trigrams two words share (Dice)."""
    left, right = _trigrams(one), _trigrams(other)
    return 2 * len(left & right) / (len(left) + len(right))


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}
