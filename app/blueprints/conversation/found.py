"""What the routes of the conversation find by its address; 404 for what the viewer may not see."""

from flask import abort

from app.models.comment import Comment
from app.models.contribution import Contributed
from app.services.conversation.subjects import subject
from app.services.conversation.thread import visible_comment
from app.web.identity import viewer


def thing_at(place: str, number: int) -> Contributed:
    """The activity, tip or challenge that everybody sees under `/<place>/<number>`."""
    thing = subject(number)
    return thing if thing and thing.path == f"/{place}/{number}" else abort(404)


def thing_of(comment: Comment) -> Contributed:
    return subject(comment.about_id) or abort(404)


def comment_numbered(comment_id: int) -> Comment:
    return visible_comment(comment_id, viewer()) or abort(404)


def shown_comment(comment_id: int) -> Comment:
    """One that everybody may see, and so answer or cheer for."""
    comment = comment_numbered(comment_id)
    return comment if comment.is_visible else abort(404)


def changeable_comment(comment_id: int) -> Comment:
    """The viewer's own that is not hidden, or waits for publication; whether it may still be changed is for
    the service to say."""
    comment = comment_numbered(comment_id)
    return comment if comment.is_owned_by(viewer()) and comment.is_workable else abort(404)
