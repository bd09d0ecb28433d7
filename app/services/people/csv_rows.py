"""What is wrong with a row of a list of people, in words for who made the list."""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category

from app.email_address import AddressError, canonical
from app.models.person import LANGUAGES, Role
from app.models.programme import Municipality
from app.services.people.csv_table import Row
from app.services.programme.file_faults import did_you_mean
from app.text import hidden_characters, in_words, is_tower, search_words

#: As long as a name or a title may be when people join by themselves.
_LONGEST = 120
_WORDS_ALLOWED = {"role": [role.value for role in Role], "language": list(LANGUAGES)}
#: What UTF-8 is taken for by mistake: by Windows, by old Macs, by the command line of Windows.
_MISTAKEN_FOR = ("cp1252", "latin-1", "mac_roman", "cp850")

Places = dict[str, Municipality]


def note_faults(rows: list[Row], places: Places) -> None:
    """Write into each row what is wrong with it, and give the address of the others its one spelling. Of two rows with
    one address the first that is right counts."""
    first_lines: dict[str, int] = {}
    for row in rows:
        if not row.faults:
            row.faults += _faults_of(row, places)
        if row.faults:
            continue
        row.cells["email"] = address = canonical(row.cells["email"])
        first_line = first_lines.setdefault(address, row.line)
        if first_line != row.line:
            row.faults.append(f"email: {address} stands on line {first_line} already")


def _faults_of(row: Row, places: Places) -> Iterator[str]:
    cells = row.cells
    yield from _faults_of_address(cells["email"])
    if not cells["name"]:
        yield "name: must not be empty"
    elif not search_words(cells["name"]):
        yield f'name: must have letters, not "{cells["name"]}"'
    for column in ("name", "title"):
        yield from (f"{column}: {fault}" for fault in _faults_of_text(cells[column]))
    yield from _faults_of_place(cells["municipality"], places)
    for column, allowed in _WORDS_ALLOWED.items():
        word = cells[column].lower()
        if word and word not in allowed:
            yield f'{column}: must be one of {", ".join(allowed)}, or empty, not "{word}"{did_you_mean(word, allowed)}'


def _faults_of_address(address: str) -> Iterator[str]:
    try:
        canonical(address)
    except AddressError as error:
        hidden = [f"email: {_seen(address, place)}" for place in hidden_characters(address)]
        yield from hidden or [f'email: {error}, not "{address}"']


def _faults_of_place(name: str, places: Places) -> Iterator[str]:
    if name.casefold() in places:
        return
    odd = [f"municipality: {fault}" for fault in _faults_of_text(name)]
    slugs = sorted({place.slug for place in places.values()})
    meant = did_you_mean(name.lower(), slugs)
    yield from odd or [f'municipality: must be one of {", ".join(slugs)}, not "{name}"{meant}']


def _faults_of_text(text: str) -> Iterator[str]:
    if text.isascii() and text.isprintable() and len(text) <= _LONGEST:
        return
    if len(text) > _LONGEST:
        yield f"must be one line of at most {_LONGEST} characters"
        text = text[:_LONGEST]
    for place in sorted({*hidden_characters(text), *_unprintable(text)}):
        yield _seen(text, place)
    if is_tower(text):
        yield f'"{text}" has a letter with more marks than any language writes; write it anew'
    if "\ufffd" in text:
        yield f'a letter of "{text}" was lost when the list was saved; write it anew, and save the list as UTF-8'
    elif (meant := " ".join(_reread(word) for word in text.split(" "))) != text:
        yield f'"{text}" seems to mean "{meant}"; the list was saved with the wrong encoding: save it as UTF-8'


def _unprintable(text: str) -> Iterator[int]:
    """Line ends, blanks other than the common one, and what is no character; not what a script or an emoji needs."""
    return (
        place
        for place, character in enumerate(text)
        if not character.isprintable() and category(character) != "Cf"
    )


def _seen(text: str, place: int) -> str:
    after = f' after "{text[:place]}"' if place else ""
    return f"holds a character that cannot be seen, {in_words(text[place])}{after}; write it anew"


@lru_cache(maxsize=1024)
def _reread(word: str) -> str:
    """The word as it was meant, if it is UTF-8 that was read in another encoding, perhaps twice (`Ã…sa` for `Åsa`)."""
    if word.isascii():
        return word
    for encoding in _MISTAKEN_FOR:
        try:
            return _reread(word.encode(encoding).decode("utf-8"))
        except UnicodeError:
            continue
    return word
