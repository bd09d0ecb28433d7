"""What colleagues see of a person beside name and municipality: each chooses their own."""

from dataclasses import dataclass

from app.models.person import Person, lock
from app.models.search import SearchKind
from app.services.search import index as search_index


@dataclass(frozen=True)
class Shown:
    """Whether each is seen."""

    title: bool
    done: bool
    badges: bool
    thanks: bool

    @classmethod
    def of(cls, person: Person) -> "Shown":
        return cls(person.shows_title, person.shows_done, person.shows_badges, person.shows_thanks)


def choose_shown(person: Person, shown: Shown) -> None:
    """From now on. By a title that is not shown nobody is found."""
    lock(person)
    titled_before = person.shows_title
    person.shows_title, person.shows_done = shown.title, shown.done
    person.shows_badges, person.shows_thanks = shown.badges, shown.thanks
    if person.shows_title != titled_before:
        search_index.refresh(SearchKind.PERSON, [person.id])
