"""Comments for tests, made through the service."""

from datetime import datetime
from itertools import count

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contributed, Contribution
from app.models.person import Person
from app.services.activities.cheer import cheer
from app.services.conversation.write import Words, comment_on, withdraw_comment
from app.services.moderation.decide import hide
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


def make_talk(
    thing: Contributed, one: Person, other: Person, moderator: Person, *, now: datetime = NOW
) -> Comment:
    """Everything that there is to see about it: a thread of one and the other who mention each other and get a spark,
    which is returned, one with the trace of what was hidden, and one of what was taken back."""
    opening = make_comment(
        thing, one, f"Räcker gympaskor, @{other.name}? https://example.se {next(_numbers)}", now=now
    )
    answer = make_comment(thing, other, f"Ja, @{one.name}. {next(_numbers)}", to=opening, now=now)
    cheer(answer, one, now=now)
    hidden, withdrawn = (make_comment(thing, one, now=now) for _ in range(2))
    for gone in (hidden, withdrawn):
        make_comment(thing, other, to=gone, now=now)
    hide(hidden, moderator, "personal_data", "Skriv utan namn.", now)
    withdraw_comment(withdrawn, one, now=now)
    db.session.commit()
    return opening
