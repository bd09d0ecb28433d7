"""Where in a text the words stand by which it was found."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import Final

from markupsafe import Markup, escape

from app.services.search.find import Results
from app.services.search.vocabulary import Meaning
from app.services.search.words import TypedWord, plain, stem
from app.text import pieces

#: Of texts that are found; of what people type nothing is kept.
_stem_of_found: Final = lru_cache(maxsize=4096)(stem)
#: Characters of a text that are shown around a hit, and of those how many before it.
_LONGEST_EXCERPT: Final = 120
_BEFORE_HIT: Final = 40

_MARKED = Markup("<mark>{}</mark>")


class Marks:
    """Marks what the results were found by; everything else of a text is escaped."""

    def __init__(self, results: Results) -> None:
        self._words = list(zip(results.typed, results.meanings, strict=True))
        #: By word: what is found has the same words in most of its texts.
        self._hits: dict[str, tuple[int, int] | None] = {}

    def marked(self, text: str) -> Markup:
        marked: list[Markup] = []
        written = at = 0
        for piece, word in pieces(text):
            if word and (hit := self._hit(word)):
                # All of it where some letters were spelled out: ß is ss.
                begin, end = hit if len(piece) == len(word) else (0, len(piece))
                marked += escape(text[written : at + begin]), _MARKED.format(text[at + begin : at + end])
                written = at + end
            at += len(piece)
        return Markup("").join([*marked, escape(text[written:])])

    def stands_in(self, text: str) -> bool:
        return any(word and self._hit(word) for _piece, word in pieces(text))

    def excerpt(self, texts: Iterable[str]) -> Markup | None:
        """The words around the first hit in the first text that has one."""
        for text in texts:
            parts = pieces(text)
            begins = [0, *accumulate(len(piece) for piece, _word in parts)]
            hits = (
                begin
                for begin, (_piece, word) in zip(begins, parts, strict=False)
                if word and self._hit(word)
            )
            if (hit := next(hits, None)) is not None:
                return self.marked(_around(text, hit))
        return None

    def _hit(self, word: str) -> tuple[int, int] | None:
        """From where to where the word is what was typed; None when it is something else."""
        if word not in self._hits:
            hits = (_hit(word, typed, meaning) for typed, meaning in self._words)
            self._hits[word] = next(filter(None, hits), None)
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
