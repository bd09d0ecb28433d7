"""Whom a text names by "@": people by their full name and municipalities by theirs, if only one can be meant; and who
was chosen from suggestions by their own name, whatever that is."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
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
_SOMETHING_FOLLOWS: Final = re.compile(AT + r"(?=\S)")
#: What hardly any name has ends it.
_NAME: Final = re.compile(r"(?=\w)[^\n@<>&#/\\,;:!?()\[\]{}\"”»]{1,120}")
_BEHIND_A_NAME: Final = ".…'’"


class Named(NamedTuple):
    """Whom the text names, and by which words of it."""

    thing: Person | Municipality
    name: str


def as_written(name: str) -> str:
    """The pattern of that name in a text, in whatever case: with any blanks within a line, and not as a part of a
    word."""
    return r"[^\S\n]+".join(map(re.escape, name.split())) + r"(?!\w)"


def settle_mentions(comment: Comment, picked: Collection[int] = ()) -> list[Named]:
    """Make the comment's mentions be those of its text. `picked` are the numbers of people whom its author has chosen
    from suggestions: they tell who is meant where several have the same name. Whom it named before it was changed
    counts as chosen then."""
    named = named_in(comment.body, picked, _named_before(comment) if "@" in comment.body else ())
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


def named_in(text: str, picked: Collection[int] = (), before: Collection[Named] = ()) -> list[Named]:
    """Each person and municipality once, in the order of the text. Of the names with which it goes on behind an "@" the
    longest is meant, and of several people with that name who was picked, then who was named `before`."""
    if "@" not in text:
        return []
    found: dict[tuple[type, int], Named] = {}
    places = {place.name.casefold(): place for place in municipalities()}
    chosen = _with_ids(picked) if picked else ()
    for at in islice(_SOMETHING_FOLLOWS.finditer(text), MOST_MENTIONS):
        behind = text[at.end() :]
        names = (_one_of(chosen, behind), _one_of(before, behind), _by_name(behind, places))
        named = max(filter(None, names), key=lambda one: len(one.name), default=None)
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


def _with_ids(person_ids: Collection[int]) -> list[Named]:
    people = db.session.scalars(select(Person).where(Person.id.in_(person_ids), Person.is_present))
    return [Named(person, person.name) for person in people]


def _named_before(comment: Comment) -> list[Named]:
    """By the name that stands in the text, and by that which they have now."""
    query = select(Mention.name, Person).join(Person, Mention.person_id == Person.id)
    people = db.session.execute(query.where(Mention.comment_id == comment.id, Person.is_present)).all()
    return [Named(person, name) for written, person in people for name in (written, person.name)]


def _one_of(some: Collection[Named], behind: str) -> Named | None:
    """Whose name the text begins with; of a shorter and a longer one the longer, and nobody if several have that."""
    begun = [
        Named(one.thing, " ".join(found[0].split()))
        for one in some
        if (found := re.match(as_written(one.name), behind, re.IGNORECASE))
    ]
    longest = max((len(one.name) for one in begun), default=0)
    meant = {one.thing.id: one for one in begun if len(one.name) == longest}
    return meant.popitem()[1] if len(meant) == 1 else None


def _by_name(behind: str, places: dict[str, Municipality]) -> Named | None:
    """What the text itself tells, without a choice."""
    follows = _NAME.match(behind)
    return (_place_named(follows[0], places) or _person_named(follows[0])) if follows else None


def _place_named(follows: str, places: dict[str, Municipality]) -> Named | None:
    for name in _beginnings(follows):
        if place := places.get(name.casefold()):
            return Named(place, name)
    return None


def _person_named(follows: str) -> Named | None:
    names = [name for name in _beginnings(follows) if " " in name]
    alike = _people_with(names[-1]) if names else []
    for name in names:
        called = [person for person in alike if person.name.casefold() == name.casefold()]
        if called:
            return Named(called[0], name) if len(called) == 1 else None
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
