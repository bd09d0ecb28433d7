"""Comments are written, changed for a while, taken back and put back by their authors."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import delete, insert, literal, select

from app.extensions import db
from app.models.comment import Comment, is_talked_about
from app.models.contribution import (
    Contributed,
    Withdrawal,
    is_visible,
    is_withdrawn,
    takes_part,
    wait_for_turn,
)
from app.models.person import Person
from app.models.publication import is_workable
from app.models.repeated import demand_new_comment
from app.models.retry import demand_kept, made_once
from app.services.activities.checks import NEW, checked, held_while_it_waits
from app.services.conversation.links import demand_few_links
from app.services.conversation.mentions import settle_mentions
from app.services.conversation.removal import settle_comment, wait_for_comment
from app.services.conversation.subjects import subject
from app.services.conversation.telling import tell_of_comment, tell_of_mentions

#: For so long what was taken back may be put back.
PUT_BACK_WITHIN: Final = timedelta(minutes=15)


class NotTalkedAboutError(ValueError):
    """The thing, or the comment that is answered, has been hidden or taken back meanwhile."""


class TooLateError(ValueError):
    """It can no longer be changed or put back: too much time has passed, or it is hidden or away."""


class Words(NamedTuple):
    """What the form says. The same key from the same person is a retry."""

    body: str
    request_key: str
    #: The numbers of people whom the author has chosen from suggestions while writing their names.
    picked: frozenset[int] = frozenset()


def comment_on(
    thing: Contributed, by: Person, words: Words, *, now: datetime, to: Comment | None = None
) -> Comment:
    """Say something about the thing; `to` is the comment that it answers. An answer to an answer stands in the same
    thread: there is one level of them.

    Raises:
        NotTalkedAboutError: when there is nothing any more to say it about.
        TooManyLinksError: when its author is new here.
        RepeatedError: when they have said the same a moment ago.
        TakenBackError: when the author has taken that one back since.
    """
    demand_few_links(by, words.body, now)
    wait_for_turn(thing.id)
    _demand_talked_about(thing, to)
    thread = to.thread_id if to else None
    demand_new_comment(by.id, words.request_key, thing.id, thread, words.body, now)
    comment, is_new = made_once(
        lambda: _with_key(by, words.request_key), lambda: _add(thing, by, words, to, now)
    )
    demand_kept(comment.id)
    if is_new:
        with checked(comment, by, NEW, now):
            settle_comment(comment, now)
            tell_of_comment(comment, thing, by, settle_mentions(comment, words.picked), to=to, now=now)
    return comment


def change_comment(
    comment: Comment, by: Person, body: str, *, now: datetime, picked: Collection[int] = ()
) -> None:
    """Say it otherwise; others see that it was changed. Whoever is named only now is told.

    Raises:
        TooLateError: when it is not theirs to change, or no longer.
        TooManyLinksError: when its author is new here.
    """
    demand_few_links(by, body, now)
    wait_for_comment(comment)
    db.session.refresh(comment, ["body", "removal", "withdrawal"])
    thing = subject(comment.about_id)
    if thing is None or not comment.is_changeable_by(by, now):
        raise TooLateError
    if comment.body != body:
        comment.body, comment.edited_at = body, now
        db.session.flush()
        with held_while_it_waits(comment.id):
            tell_of_mentions(comment, thing, by, settle_mentions(comment, picked), now=now)


def withdraw_comment(comment: Comment, by: Person, *, now: datetime) -> None:
    """Take back a comment of one's own. A second time changes nothing.

    Raises:
        TooLateError: when it is not theirs, or hidden: then it stays for whoever looks at it again.
    """
    wait_for_comment(comment)
    if db.session.scalar(select(is_withdrawn(comment.id))):
        return
    if not comment.is_owned_by(by) or not db.session.scalar(select(is_workable(comment.id))):
        raise TooLateError
    db.session.add(Withdrawal(contribution_id=comment.id, by_id=by.id, at=now))
    settle_comment(comment, now)


def put_back(comment: Comment, by: Person, *, now: datetime) -> None:
    """Undo that one has taken it back. A second time changes nothing.

    Raises:
        TooLateError: when it is not theirs, or was taken back long ago.
    """
    wait_for_comment(comment)
    withdrawal = db.session.get(Withdrawal, comment.id, populate_existing=True)
    if withdrawal is None:
        return
    if not comment.is_owned_by(by) or now - withdrawal.at >= PUT_BACK_WITHIN:
        raise TooLateError
    db.session.execute(delete(Withdrawal).where(Withdrawal.contribution_id == comment.id))
    settle_comment(comment, now)


def _demand_talked_about(thing: Contributed, to: Comment | None) -> None:
    conditions = [is_talked_about(thing.id), *([is_visible(to.id)] if to else [])]
    if (to and to.about_id != thing.id) or not db.session.scalar(select(literal(1)).where(*conditions)):
        raise NotTalkedAboutError


def _with_key(by: Person, request_key: str) -> Comment | None:
    return db.session.scalar(
        select(Comment).where(Comment.owner_id == by.id, Comment.request_key == request_key)
    )


def _add(thing: Contributed, by: Person, words: Words, to: Comment | None, now: datetime) -> Comment:
    comment = Comment(
        owner_id=by.id,
        about_id=thing.id,
        answers_id=to.thread_id if to else None,
        body=words.body,
        request_key=words.request_key,
        created_at=now,
    )
    db.session.add(comment)
    db.session.flush()
    _note_who_moderates(comment, by)
    return comment


def _note_who_moderates(comment: Comment, by: Person) -> None:
    """The coordinators of the municipalities that have a part in the thing, and of the author's."""
    place = select(literal(comment.id), literal(by.municipality_id))
    there = select(literal(comment.id), takes_part.c.municipality_id)
    places = there.where(takes_part.c.contribution_id == comment.about_id).union(place)
    db.session.execute(insert(takes_part).from_select(["contribution_id", "municipality_id"], places))
