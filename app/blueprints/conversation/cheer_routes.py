"""A spark for a comment."""

from flask import abort, redirect, render_template
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.conversation import blueprint
from app.blueprints.conversation.found import shown_comment
from app.extensions import db
from app.models.comment import Comment
from app.services.activities.cheer import OwnContributionError, cheer, contribution_of, withdraw_cheer
from app.web.access import page_before, signed_in
from app.web.brake import braked
from app.web.htmx import wants_fragment
from app.web.identity import viewer


@blueprint.post("/comments/<int:comment_id>/cheer")
@signed_in
@braked(1)
def give_cheer(comment_id: int) -> Response | str:
    comment = shown_comment(comment_id)
    try:
        cheer(comment, viewer(), now=clock.now())
    except OwnContributionError:
        abort(403)
    db.session.commit()
    return _button(comment, "given")


@blueprint.post("/comments/<int:comment_id>/cheer/withdrawal")
@signed_in
def take_cheer_back(comment_id: int) -> Response | str:
    comment = shown_comment(comment_id)
    withdraw_cheer(comment, viewer(), now=clock.now())
    db.session.commit()
    return _button(comment, "open")


def _button(comment: Comment, state: str) -> Response | str:
    """The button as it is now; without HTMX, back to the page with it."""
    if wants_fragment():
        count = contribution_of(comment).cheer_count
        return render_template("conversation/_cheer.html", comment=comment, count=count, state=state)
    page = page_before() or comment.path
    return redirect(f"{page.partition('#')[0]}#comment-{comment.id}", 303)
