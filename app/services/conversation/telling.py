"""Whom a comment tells: each person once, by what concerns them most, and never its author."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contributed, is_visible
from app.models.notification import Kind
from app.models.person import Person
from app.services.conversation.mentions import Named, people_to_tell
from app.services.conversation.mute import listeners
from app.services.notifications.notify import notify, notify_of_the_first


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
        in_thread = Comment.answers_id == comment.thread_id
        _tell_of_the_first(comment, thing, by, person_id, "answered", in_thread, now)
    for person_id in sorted(listeners(thing.id, thing.owner_ids() - by_name - answered - {by.id})):
        about = Comment.about_id == thing.id
        _tell_of_the_first(comment, thing, by, person_id, "said", about, now)


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


def _tell_of_the_first(
    comment: Comment,
    thing: Contributed,
    by: Person,
    person_id: int,
    event: str,
    which: ColumnElement[bool],
    now: datetime,
) -> None:
    """One notification for a thread or a thing and day: who was first, and how many others have spoken since."""
    others = (which, Comment.owner_id != person_id, is_visible(Comment.id))
    people = select(func.count(Comment.owner_id.distinct())).where(*others)
    notify_of_the_first(
        [person_id],
        Kind.COMMENT,
        key=f"{event}:{comment.thread_id if event == 'answered' else thing.id}",
        url=comment.path,
        parameters=_about(comment, thing, by, event),
        count_since=lambda moment: db.session.scalar(people.where(Comment.created_at >= moment)) or 0,
        now=now,
    )


def _about(comment: Comment, thing: Contributed, by: Person, event: str) -> dict[str, object]:
    return {
        "event": event,
        "contribution_id": comment.id,
        "title": thing.title,
        "name": by.name,
        "person_id": by.id,
    }
