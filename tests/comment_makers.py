"""Comments for tests, made through the service."""

from datetime import datetime
from itertools import count

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contributed, Contribution
from app.models.person import Person
from app.services.conversation.write import Words, comment_on
from tests.factories import NOW

_numbers = count(1)


def make_comment(
    thing: Contributed, by: Person, body: str = "", *, to: Comment | None = None, now: datetime = NOW
) -> Comment:
    """Said by `by` at `now`, committed; `to` is the comment that it answers."""
    number = next(_numbers)
    words = Words(body or f"Det låter fint {number}.", f"comment-{number}")
    comment = comment_on(thing, by, words, now=now, to=to)
    db.session.commit()
    return comment


def comment_count(thing: Contributed) -> int:
    """How many comments about it everybody may see, as it stands with the thing."""
    return db.session.get_one(Contribution, thing.id, populate_existing=True).comment_count
