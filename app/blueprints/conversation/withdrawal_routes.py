"""Take back a comment of one's own, and put it back."""

from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.conversation import blueprint
from app.blueprints.conversation.found import thing_of
from app.extensions import db
from app.models.comment import Comment
from app.services.conversation.subjects import subject
from app.services.conversation.thread import comment_count, own_comment, whole_comments
from app.services.conversation.write import TooLateError, put_back, withdraw_comment
from app.web.access import signed_in
from app.web.brake import braked
from app.web.conversation import reader_of
from app.web.htmx import go_to, go_to_path, render, wants_fragment
from app.web.identity import viewer


@blueprint.post("/comments/<int:comment_id>/withdrawal")
@signed_in
@braked(1, limited_too=True)
def withdraw(comment_id: int) -> Response:
    """Also when what it is about is out of sight: then there is nothing to show it on."""
    comment = _own(comment_id)
    thing = subject(comment.about_id)
    try:
        withdraw_comment(comment, viewer(), now=clock.now())
    except TooLateError:
        db.session.rollback()
        flash(_("It is hidden, and stays so until a coordinator has looked at it again."), "error")
        return go_to_path(comment.path) if thing else go_to("feed.index")
    db.session.commit()
    if thing is None:
        flash(_("Your comment is gone."))
        return go_to("feed.index")
    if wants_fragment():
        return _fragment("conversation/_withdrawn.html", comment)
    return go_to_path(f"{thing.path}?withdrawn={comment.id}#comments")


@blueprint.post("/comments/<int:comment_id>/return", endpoint="put_back")
@signed_in
@braked(1, limited_too=True)
def undo_withdrawal(comment_id: int) -> Response:
    comment = _own(comment_id)
    thing = thing_of(comment)
    try:
        put_back(comment, viewer(), now=clock.now())
    except TooLateError:
        db.session.rollback()
        flash(_("It was too long ago to be undone."), "error")
        return go_to_path(thing.path)
    db.session.commit()
    if wants_fragment():
        return _fragment("conversation/_put_back.html", comment)
    return go_to_path(comment.path)


def _own(comment_id: int) -> Comment:
    return own_comment(comment_id, viewer()) or abort(404)


def _fragment(template: str, comment: Comment) -> Response:
    thing, (whole,) = thing_of(comment), whole_comments([comment.id])
    context: dict[str, Any] = {
        "comment": whole,
        "count": comment_count(thing.id),
        "reader": reader_of([whole], thing),
    }
    return render(template, template, **context)
