"""Text from outside, made fit to be stored, shown and found: the one cleaner of all that people and systems write."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from unicodedata import category, combining, name, normalize

#: Control characters except tab and line ends. Nobody types them, and PostgreSQL accepts no NUL.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

#: Characters that cannot be seen, or look like a blank and are none: controls, lone halves of a pair, zero-width and
#: bidi marks, fillers, variation selectors, tags, and the code points that are no characters.
_HIDDEN: Final = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
) + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
_PICTURE: Final = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u27ff\u2900-\u2bff\u3030\u303d\u3297\u3299"
    r"\U0001f000-\U0001faff]"
)
_VIRAMAS: Final = "".join(chr(code) for code in range(0x0900, 0x1100) if combining(chr(code)) == 9)
_ARABIC: Final = r"[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff]"
#: Where a character that cannot be seen belongs: within an emoji (a family, a flag, a keycap), and where a script
#: writes a joiner between letters, such as Persian and Sinhala. Everywhere else it goes.
_NEEDED: Final = "|".join((
    rf"{_PICTURE}[\ufe0e\ufe0f]?(?:\u200d{_PICTURE}\ufe0f?)+",
    rf"{_PICTURE}[\ufe0e\ufe0f]",
    r"[0-9#*]\ufe0f(?=\u20e3)",
    r"\U0001f3f4[\U000e0061-\U000e007a]{3,6}\U000e007f",
    rf"(?<=[{_VIRAMAS}])[\u200c\u200d]",
    rf"(?<={_ARABIC})\u200c(?={_ARABIC})",
))  # fmt: skip
_NEEDED_OR_HIDDEN: Final = re.compile(f"({_NEEDED})|[{_HIDDEN}]")

#: What nearly every text is made of, in Swedish too: nothing of it is hidden, a mark, or written in another way.
_PLAIN: Final = re.compile(r"[\t\n\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u20ac]*")

#: More marks on one letter are no writing but a tower that covers the lines around it.
_MOST_MARKS: Final = 4
_WORD: Final = re.compile(r"[^\W_]+")
_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")

#: Letters that Swedish keeps apart from those they are made of.
_OWN_LETTERS: Final = "åäö"
#: What their Swedish readers write for letters that do not come apart into a letter and a mark.
_READ_AS: Final = str.maketrans(
    {"ø": "ö", "æ": "ä", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "œ": "oe"}
)


def one_line(text: str | None) -> str:
    """Clean, without line ends, and with single spaces."""
    return " ".join(_clean(text or "").split())


def trimmed(text: str | None) -> str:
    """Clean, without blanks around it; paragraphs stay. Browsers send line ends as CR LF."""
    return _clean(_LINE_ENDS.sub("\n", text or "")).strip()


def hidden_characters(text: str) -> Iterator[int]:
    """Where the text holds something that `one_line` takes out: the places of characters that cannot be seen and belong
    nowhere there."""
    return (found.start() for found in _NEEDED_OR_HIDDEN.finditer(text) if not found[1])


def is_tower(text: str) -> bool:
    """Whether more marks stand on a letter than any language writes."""
    return _without_towers(text) != text


def in_words(character: str) -> str:
    """The character's number and name, for somebody who cannot see it: `U+200B ZERO WIDTH SPACE`."""
    return f"U+{ord(character):04X} {name(character, '')}".strip()


def outer_blanks_removed(text: str) -> str:
    """Without blanks and characters that cannot be seen before and behind it."""
    text = _BLANKS.sub("", text, count=1)
    # From behind as well: a search for blanks that end the text would begin anew at each blank within it.
    return _BLANKS.sub("", text[::-1], count=1)[::-1]


def search_words(text: str) -> frozenset[str]:
    """The words by which the text is found: small letters, no marks (`é` is `e`; å, ä and ö are letters of their own).
    What a hyphen or an apostrophe holds together is found by its parts and as a whole."""
    words = set()
    for chunk in _folded(text).split():
        parts = _WORD.findall(chunk)
        words |= {*parts, "".join(parts)} if parts else set()
    return frozenset(words)


def words_looked_for(text: str) -> list[str]:
    """The words of a search, each once, the longest first: each must begin a word of `search_words`."""
    return sorted(set(words_in_order(text)), key=lambda word: (-len(word), word))


def words_in_order(text: str) -> list[str]:
    """The words of a text as `search_words` spells them, in order; what a hyphen holds together is its parts."""
    return _WORD.findall(_folded(text))


def words_with_places(text: str) -> Iterator[tuple[int, str, str]]:
    """Where each word of the text begins, how it stands there, and as `search_words` spells it."""
    for found in _WORD.finditer(text):
        if word := _spelling(found[0]):
            yield found.start(), found[0], word


@lru_cache(maxsize=4096)
def _spelling(piece: str) -> str:
    """As `search_words` spells it. Kept, since texts have the same few words again and again."""
    return "".join(words_in_order(piece))


def foreign(text: str | bytes, longest: int = 300) -> str:
    """What another system said (a push service, a mail server), as one line that any database stores: without control
    characters and lone surrogates, and at most `longest` characters."""
    # Cut first, so that an answer of megabytes costs nothing.
    text = text[: longest * 4]
    if isinstance(text, str):
        text = text.encode("utf-8", "replace")
    line = _CONTROL.sub(" ", text.decode("utf-8", "replace"))
    return " ".join(line.split())[:longest]


_BLANKS: Final = re.compile(rf"\A[\s{_HIDDEN}]+")


def _clean(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return _without_towers(normalize("NFC", _NEEDED_OR_HIDDEN.sub(lambda found: found[1] or "", text)))


def _without_towers(text: str) -> str:
    kept, height = [], 0
    for character in text:
        height = height + 1 if category(character) in ("Mn", "Me") else 0
        if height <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _folded(text: str) -> str:
    letters = normalize("NFC", normalize("NFKC", text).casefold())
    return "".join(_without_marks(letter) for letter in letters).translate(_READ_AS)


def _without_marks(letter: str) -> str:
    if letter in _OWN_LETTERS:
        return letter
    return "".join(part for part in normalize("NFD", letter) if not category(part).startswith("M"))
