"""What is said about Nina's plan, for the screens of tests/browser/screens.py."""

from datetime import datetime

from app.models.contribution import Contributed
from app.models.person import Person
from tests.comment_makers import make_talk


def make_conversation(plan: Contributed, people: dict[str, Person], now: datetime) -> dict[str, int]:
    """Between Nina and Charlie, with all that there may be of it; the number of the thread that stands."""
    nina, charlie = people["participant"], people["colleague"]
    return {"thread": make_talk(plan, nina, charlie, people["coordinator"], now=now).id}
