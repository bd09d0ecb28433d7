"""Colleagues are found by name or by address."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.person import NameWord, Person
from app.text import search_words, words_looked_for

#: What stands around an address or a name where it is copied from.
_AROUND = " <>\"'()[]"
#: More than this are a mailing list, not people to do something with.
MOST_AT_ONCE = 10
#: More words than this narrow no search.
_MOST_WORDS = 8
_LONGEST_NAME = 120
#: A single letter finds too many people.
_FEWEST_LETTERS = 2


@dataclass
class Search:
    """What a search for colleagues looked for, whether that was enough to look, and whom it found."""

    q: str
    asked: bool
    found: list[Person]


@dataclass
class Meant:
    """Whom somebody meant by a list of names and addresses."""

    people: list[Person] = field(default_factory=list)
    #: What nobody here is called.
    unknown: list[str] = field(default_factory=list)
    #: What several people are called.
    ambiguous: list[str] = field(default_factory=list)


def find_colleagues(name: str, viewer: Person, limit: int = 8) -> list[Person]:
    """People of whose name each of the words begins some word, whatever its place, case and accents; except the viewer,
    and in the order of the word that was found. Read from the index until there are enough."""
    words = words_looked_for(name[:_LONGEST_NAME])[:_MOST_WORDS]
    if not words:
        return []
    longest, *others = words
    query = (
        select(Person)
        .join_from(NameWord, Person, NameWord.person_id == Person.id)
        .where(NameWord.begins(longest), ~_has_earlier_word(longest), *(_has_word(word) for word in others))
        .where(Person.is_present, Person.id != viewer.id)
        .order_by(NameWord.word, NameWord.person_id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def search(text: str, viewer: Person) -> Search:
    """Colleagues by what is being written: of several names the last. An address is not looked for by its letters."""
    name = ["", *entries(text)][-1]
    asked = len(name) >= _FEWEST_LETTERS and "@" not in name
    return Search(name, asked, find_colleagues(name, viewer) if asked else [])


def entries(text: str) -> list[str]:
    """The names and addresses in a text, each once, parted by commas or semicolons, addresses also by blanks. Of
    `Sara Ek <sara@astorp.se>`, as mail programs copy it, the address counts."""
    found: dict[str, None] = {}
    for part in re.split(r"[,;\n]", text):
        words = part.split()
        places = [place for place, word in enumerate(words) if "@" in word]
        name = " ".join(words[places[-1] + 1 if places else 0 :])
        written = [*(words[place].rpartition("<")[2] for place in places), name]
        found |= dict.fromkeys(entry for one in written if (entry := one.strip(_AROUND)))
    return list(found)


def people_numbered(person_ids: Iterable[int], viewer: Person) -> list[Person]:
    """Those of them who are here, by name; not the viewer."""
    query = select(Person).where(Person.id.in_(list(person_ids)), Person.is_present, Person.id != viewer.id)
    return list(db.session.scalars(query.order_by(Person.name, Person.id)))


def whom_they_mean(entries: list[str], viewer: Person, chosen: Sequence[Person] = ()) -> Meant:
    """Who is meant by each entry, a name or an address, beside those who were chosen from what a search found."""
    meant = Meant(people=list(chosen))
    for entry in entries:
        found = colleagues_called(entry, viewer)
        if found == [viewer] or any(_is_called(person, entry) for person in chosen):
            continue
        if len(found) == 1:
            meant.people += [person for person in found if person not in meant.people]
        else:
            (meant.ambiguous if found else meant.unknown).append(entry)
    return meant


def colleagues_called(entry: str, viewer: Person) -> list[Person]:
    """The people whom a name or an address may mean: only those with exactly that name, if there are any. The viewer is
    found only by address."""
    if "@" in entry:
        person = Person.by_email(entry)
        return [person] if person else []
    found = find_colleagues(entry, viewer)
    words = search_words(entry)
    return [person for person in found if search_words(person.name) == words] or found


def _is_called(person: Person, name: str) -> bool:
    own, words = search_words(person.name), words_looked_for(name)
    return bool(words) and all(any(one.startswith(word) for one in own) for word in words)


def _has_earlier_word(beginning: str) -> ColumnElement[bool]:
    """Somebody with two such words (Anna Andersson) is found once, by the first."""
    earlier = aliased(NameWord)
    return exists().where(
        earlier.person_id == NameWord.person_id, earlier.word >= beginning, earlier.word < NameWord.word
    )


def _has_word(beginning: str) -> ColumnElement[bool]:
    other = aliased(NameWord)
    return exists().where(other.person_id == NameWord.person_id, other.begins(beginning))
