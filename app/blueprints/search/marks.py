"""Where in a text the words stand by which it was found."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from app.services.search.find import Results
from app.services.search.vocabulary import Meaning
from app.services.search.words import TypedWord, plain, stem
from app.text import words_with_places

#: Of texts that are found; of what people type nothing is kept.
_stem_of_found: Final = lru_cache(maxsize=4096)(stem)
#: Characters of a text that are shown around a hit, and of those how many before it.
_LONGEST_EXCERPT: Final = 120
_BEFORE_HIT: Final = 40


class _Mark(NamedTuple):
    """A place in a text, from where to where, within the word that begins at `word`."""

    word: int
    begin: int
    end: int


class Marks:
    """Marks what the results were found by; everything else of a text is escaped."""

    def __init__(self, results: Results) -> None:
        self._words = list(zip(results.typed, results.meanings, strict=True))
        #: By word: what is found has the same words in most of its texts.
        self._hits: dict[str, tuple[int, int] | None] = {}

    def marked(self, text: str) -> Markup:
        marked = ""
        written = 0
        for _word, begin, end in self._marks_of(text):
            marked += f"{escape(text[written:begin])}<mark>{escape(text[begin:end])}</mark>"
            written = end
        return Markup(f"{marked}{escape(text[written:])}")  # noqa: S704 - each part is escaped

    def stands_in(self, text: str) -> bool:
        return any(True for _mark in self._marks_of(text))

    def excerpt(self, texts: Iterable[str]) -> Markup | None:
        """The words around the first hit in the first text that has one."""
        for text in texts:
            if first := next(self._marks_of(text), None):
                return self.marked(_around(text, first.word))
        return None

    def _marks_of(self, text: str) -> Iterator[_Mark]:
        for place, piece, word in words_with_places(text):
            if hit := self._hit(word):
                # All of it where some letters were spelled out: ß is ss.
                begin, end = hit if len(piece) == len(word) else (0, len(piece))
                yield _Mark(place, place + begin, place + end)

    def _hit(self, word: str) -> tuple[int, int] | None:
        """From where to where the word is what was typed; None when it is something else."""
        if word not in self._hits:
            self._hits[word] = None
            for typed, meaning in self._words:
                if hit := _hit(word, typed, meaning):
                    self._hits[word] = hit
                    break
        return self._hits[word]


def _hit(word: str, typed: TypedWord, meaning: Meaning) -> tuple[int, int] | None:
    spelling = plain(word) if typed.is_plain else word
    if typed.may_begin and spelling.startswith(typed.word):
        return 0, len(typed.word)
    if _stem_of_found(word) not in meaning:
        return None
    if spelling != typed.word and typed.may_be_guessed and (place := spelling.find(typed.word)) >= 0:
        return place, place + len(typed.word)
    return 0, len(word)


def _around(text: str, hit: int) -> str:
    """Whole words of the text, with the one that begins at that place."""
    begin = 0 if hit <= _BEFORE_HIT else text.find(" ", hit - _BEFORE_HIT, hit) + 1 or hit
    end = (
        len(text)
        if len(text) - begin <= _LONGEST_EXCERPT
        else text.rfind(" ", hit + 1, begin + _LONGEST_EXCERPT)
    )
    end = end if end > hit else begin + _LONGEST_EXCERPT
    return f"{'… ' if begin else ''}{text[begin:end].strip()}{' …' if end < len(text) else ''}"
