"""Whom a text names by "@": people by their full name and municipalities by theirs, if only one can be meant."""

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models.comment import Comment, Mention
from app.models.person import NameWord, Person, Role
from app.models.programme import Municipality, municipalities
from app.services.people.colleagues import search
from app.text import search_words

#: More are a mailing list.
MOST_MENTIONS: Final = 10
_MOST_WORDS: Final = 5
_MOST_SUGGESTED: Final = 5
#: People who share two words of their name; of more than these nobody is looked for further.
_MOST_ALIKE: Final = 50
#: At the beginning of a word: not within an address of mail, nor of a page.
AT: Final = r"(?<![\w@/.:-])@"
#: What no name has ends it.
_NAME_FOLLOWS: Final = re.compile(AT + r"(?=\w)([^\n@<>&#/\\,;:!?()\[\]{}\"”»]{1,120})")
_BEHIND_A_NAME: Final = ".…'’"


class Named(NamedTuple):
    """Whom the text names, and by which words of it."""

    thing: Person | Municipality
    name: str


def settle_mentions(comment: Comment, picked: Collection[int] = ()) -> list[Named]:
    """Make the comment's mentions be those of its text. `picked` are the numbers of people whom its author has chosen
    from suggestions: they tell who is meant where several have the same name."""
    named = named_in(comment.body, picked)
    db.session.execute(delete(Mention).where(Mention.comment_id == comment.id))
    rows = [
        {
            "comment_id": comment.id,
            "name": one.name,
            "person_id": one.thing.id if isinstance(one.thing, Person) else None,
            "municipality_id": one.thing.id if isinstance(one.thing, Municipality) else None,
        }
        for one in named
    ]
    if rows:
        db.session.execute(insert(Mention), rows)
    db.session.expire(comment, ["mentions"])
    return named


def named_in(text: str, picked: Collection[int] = ()) -> list[Named]:
    """Each person and municipality once, in the order of the text."""
    found: dict[tuple[type, int], Named] = {}
    places = {place.name.casefold(): place for place in municipalities()} if "@" in text else {}
    for follows in _NAME_FOLLOWS.findall(text)[:MOST_MENTIONS]:
        named = _place_named(follows, places) or _person_named(follows, picked)
        if named:
            found.setdefault((type(named.thing), named.thing.id), named)
    return list(found.values())


def who_may_be_meant(beginning: str, writer: Person) -> tuple[list[Municipality], list[Person]]:
    """The municipalities and the colleagues whose name begins so, for a list of suggestions."""
    letters = beginning.casefold().strip()
    if not letters:
        return [], []
    places = [place for place in municipalities() if place.name.casefold().startswith(letters)]
    return places[:_MOST_SUGGESTED], search(beginning, writer).found[:_MOST_SUGGESTED]


def people_to_tell(named: Collection[Named]) -> tuple[set[int], dict[str, set[int]]]:
    """The people who are named, and by the name of each municipality its coordinators."""
    people = {one.thing.id for one in named if isinstance(one.thing, Person)}
    places = {one.thing.id: one.thing.name for one in named if isinstance(one.thing, Municipality)}
    coordinators: dict[str, set[int]] = {}
    if places:
        query = select(Person.id, Person.municipality_id).where(
            Person.role == Role.COORDINATOR, Person.municipality_id.in_(places), Person.is_present
        )
        for person_id, municipality_id in db.session.execute(query):
            coordinators.setdefault(places[municipality_id], set()).add(person_id)
    return people, coordinators


def _place_named(follows: str, places: dict[str, Municipality]) -> Named | None:
    for name in _beginnings(follows):
        if place := places.get(name.casefold()):
            return Named(place, name)
    return None


def _person_named(follows: str, picked: Collection[int]) -> Named | None:
    names = [name for name in _beginnings(follows) if " " in name]
    alike = _people_with(names[-1]) if names else []
    for name in names:
        called = [person for person in alike if person.name.casefold() == name.casefold()]
        meant = [person for person in called if person.id in picked] or called
        if called:
            return Named(meant[0], name) if len(meant) == 1 else None
    return None


def _beginnings(follows: str) -> Iterator[str]:
    """The words that may be the name, most words first, without what stands behind it."""
    words = follows.split()[:_MOST_WORDS]
    for many in range(len(words), 0, -1):
        yield " ".join(words[:many]).rstrip(_BEHIND_A_NAME)


def _people_with(two_words: str) -> list[Person]:
    """People who are here and have both words in their name, read from the index of those words."""
    first, last = (max(search_words(word), key=len, default="") for word in two_words.split())
    other = aliased(NameWord)
    has_first = exists().where(other.person_id == NameWord.person_id, other.word == first)
    query = (
        select(Person)
        .join_from(NameWord, Person, NameWord.person_id == Person.id)
        .where(NameWord.word == last, has_first, Person.is_present)
        .limit(_MOST_ALIKE)
    )
    return list(db.session.scalars(query))
