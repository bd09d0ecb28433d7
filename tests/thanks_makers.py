"""Thanks for tests, made through the service."""

from datetime import datetime
from itertools import count

from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.models.thanks import Thanks
from app.services.conversation.thanks import Line, say_thanks
from app.services.people.shown import Shown, choose_shown
from tests.factories import NOW

_numbers = count(1)


def make_thanks(
    to: Person, by: Person, words: str = "", *, about: Activity | None = None, now: datetime = NOW
) -> Thanks:
    """Said by `by` at `now`, committed."""
    number = next(_numbers)
    line = Line(words or f"Tack för hjälpen {number}.", f"thanks-{number}")
    thanks = say_thanks(to, by, line, about=about, now=now)
    db.session.commit()
    return thanks


def show_all(person: Person) -> None:
    """Everything that there is to be shown on their page."""
    choose_shown(person, Shown(title=True, done=True, badges=True, thanks=True))
    db.session.commit()
