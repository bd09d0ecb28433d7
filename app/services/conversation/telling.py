"""Whom a comment tells: each person once, by what concerns them most, and never its author."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contributed, is_visible
from app.models.notification import Kind
from app.models.person import Person
from app.services.conversation.mentions import Named, people_to_tell
from app.services.conversation.mute import listeners
from app.services.conversation.subjects import subject
from app.services.notifications.firsts import Merged, One, Said, name_who_is_left, notify_of_the_first
from app.services.notifications.notify import notify


def tell_of_comment(
    comment: Comment,
    thing: Contributed,
    by: Person,
    named: Collection[Named],
    *,
    to: Comment | None,
    now: datetime,
) -> None:
    """Those whom it names, then whoever it answers, then those who made the thing; except who has muted that."""
    by_name = tell_of_mentions(comment, thing, by, named, now=now)
    answered = {to.owner_id} if to else set()
    for person_id in sorted(listeners(thing.id, answered - by_name - {by.id})):
        _tell_of_the_first(comment, thing, person_id, "answered", now)
    for person_id in sorted(listeners(thing.id, thing.owner_ids() - by_name - answered - {by.id})):
        _tell_of_the_first(comment, thing, person_id, "said", now)


def tell_of_mentions(
    comment: Comment, thing: Contributed, by: Person, named: Collection[Named], *, now: datetime
) -> set[int]:
    """Each person once for a comment, however often it is changed; of a municipality its coordinators. Returns who is
    concerned, also those who do not want to hear of it."""
    people, coordinators = people_to_tell(named)
    by_name = people.union(*coordinators.values())
    listening = listeners(thing.id, by_name - {by.id})
    _tell_of_mention(comment, thing, by, listening & people, {}, now)
    for place, ids in coordinators.items():
        _tell_of_mention(comment, thing, by, listening & ids, {"place": place}, now)
    return by_name


def _tell_of_mention(
    comment: Comment,
    thing: Contributed,
    by: Person,
    person_ids: Collection[int],
    place: dict[str, str],
    now: datetime,
) -> None:
    about = {**_about(comment, thing, by, "mentioned"), **place}
    key = f"mention:{comment.id}"
    notify(person_ids, Kind.MENTION, key=key, url=comment.path, parameters=about, now=now)


def tell_of_who_is_left(comment: Comment, now: datetime) -> None:
    """It has been taken back or hidden: whoever has been told of it reads of the others who spoke that day."""
    thing = subject(comment.about_id)
    if thing is None:
        return
    makers = listeners(thing.id, thing.owner_ids() - {comment.owner_id})
    name_who_is_left(_of_those_who_speak(thing, "said", comment, makers), comment.created_at, now)
    if comment.answers_id:
        spoke = (Comment.id == comment.thread_id) | (Comment.answers_id == comment.thread_id)
        people = set(db.session.scalars(select(Comment.owner_id).where(spoke))) - {comment.owner_id}
        answered = _of_those_who_speak(thing, "answered", comment, listeners(thing.id, people))
        name_who_is_left(answered, comment.created_at, now)


def _tell_of_the_first(
    comment: Comment, thing: Contributed, person_id: int, event: str, now: datetime
) -> None:
    """One notification for a thread or a thing and day: who was first, and how many others have spoken since."""
    told = _of_those_who_speak(thing, event, comment, [person_id])
    notify_of_the_first(told, One(comment.id, comment.owner_id, now), now=now)


def _of_those_who_speak(
    thing: Contributed, event: str, comment: Comment, person_ids: Collection[int]
) -> Merged:
    """In the comment's thread, or about the thing."""
    in_thread = event == "answered"
    which = Comment.answers_id == comment.thread_id if in_thread else Comment.about_id == thing.id

    def standing(person_id: int, since: datetime) -> list[One]:
        others = (which, Comment.owner_id != person_id, is_visible(Comment.id), Comment.created_at >= since)
        rows = select(Comment.id, Comment.owner_id, Comment.created_at).where(*others)
        oldest_first = rows.order_by(Comment.created_at, Comment.id)
        return [One(row.id, row.owner_id, row.created_at) for row in db.session.execute(oldest_first)]

    def name(one: One) -> Said:
        first = db.session.get_one(Comment, one.number)
        return Said(first.path, _about(first, thing, db.session.get_one(Person, one.who), event))

    key = f"{event}:{comment.thread_id if in_thread else thing.id}"
    return Merged(person_ids, Kind.COMMENT, key, standing, name)


def _about(comment: Comment, thing: Contributed, by: Person, event: str) -> dict[str, Any]:
    return {
        "event": event,
        "contribution_id": comment.id,
        "title": thing.title,
        "name": by.name,
        "person_id": by.id,
    }
