"""A comment out of sight and back: the turns, and the count of what is said about a thing."""

from datetime import datetime

from sqlalchemy import select, update

from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contribution, is_visible, wait_for_turn
from app.services.conversation.telling import tell_of_who_is_left


def wait_for_comment(comment: Comment) -> None:
    """Wait for the thing that it is about, and for itself, and make others wait until this transaction ends."""
    wait_for_turn(comment.about_id)
    wait_for_turn(comment.id)


def settle_comment(comment: Comment, now: datetime) -> None:
    """After it has been written, hidden, shown again, withdrawn or put back: the thing's count is what it is by now.
    Who was told of what is gone reads of the others. A second call changes nothing. The caller makes others wait
    first."""
    db.session.flush()
    counts = bool(db.session.scalar(select(is_visible(comment.id))))
    change = update(Comment).where(Comment.id == comment.id, Comment.is_counted != counts)
    changed = change.values(is_counted=counts).returning(Comment.about_id)
    about_id = db.session.scalar(changed, execution_options={"synchronize_session": False})
    if about_id is not None:
        count = Contribution.comment_count + (1 if counts else -1)
        thing = update(Contribution).where(Contribution.id == about_id).values(comment_count=count)
        db.session.execute(thing, execution_options={"synchronize_session": False})
        db.session.expire(db.session.get_one(Contribution, about_id), ["comment_count"])
        if not counts:
            tell_of_who_is_left(comment, now)
    db.session.expire(comment, ["is_counted", "removal", "withdrawal"])
