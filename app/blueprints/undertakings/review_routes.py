"""What coordinators and leads do: look at completions that wait, approve them or send them back."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.undertakings import blueprint
from app.blueprints.undertakings.forms import ReturnForm
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Role
from app.models.undertaking import ChallengeReview
from app.services.challenges.review import (
    AlreadyDecidedError,
    approve,
    how_many_wait,
    reviewable,
    send_back,
    waiting,
)
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import viewer
from app.web.paging import Cursor

_REVIEWERS = (Role.COORDINATOR, Role.LEAD)

#: Those who did it wait for the word, and a queue is to be worked through: so those who are told count for nothing.
_braked = braked(1, counts_told=False)
_braked_form = braked(1, counts_told=False, form=True)


@blueprint.get("/challenges/reviews")
@role(*_REVIEWERS)
def reviews() -> Response:
    return _queue_page()


@blueprint.post("/challenges/reviews/<int:activity_id>/approval", endpoint="approve")
@role(*_REVIEWERS)
@_braked
def approval(activity_id: int) -> Response:
    words = _("Approved. Those who did it have been told.")
    return _decide(activity_id, words, lambda activity: approve(activity, viewer(), clock.now()))


@blueprint.post("/challenges/reviews/<int:activity_id>/return", endpoint="send_back")
@role(*_REVIEWERS)
@_braked_form
def sending_back(activity_id: int) -> Response:
    form, words = ReturnForm(), _("Sent back. Those who did it can read why, and mend it.")
    if not form.validate() and reviewable(activity_id, viewer()):
        return _queue_page(422, returned={activity_id: form})
    return _decide(
        activity_id, words, lambda activity: send_back(activity, viewer(), form.text.data, clock.now())
    )


def _decide(activity_id: int, words: str, decide: Callable[[Activity], ChallengeReview]) -> Response:
    """Decide, and show the queue with a word about it, also when somebody else was quicker."""
    activity = reviewable(activity_id, viewer())
    if activity is None:
        abort(404)
    try:
        decide(activity)
    except AlreadyDecidedError:
        db.session.rollback()
        words = _("Already decided, or changed in the meantime.")
        return _queue_page(too_late=words) if wants_fragment() else _back_with(words, "error")
    db.session.commit()
    if wants_fragment():
        return _queue_page(decided=words, decided_id=activity_id)
    flash(f"completion-{activity_id}", "draft-done")
    return _back_with(words, "message")


def _back_with(words: str, category: str) -> Response:
    flash(words, category)
    return go_to("undertakings.reviews")


def _queue_page(status: int = 200, **context: Any) -> Response:
    after = Cursor.parse(request.args.get("after"))
    found = waiting(viewer(), after)
    last = found.last
    later = url_for("undertakings.reviews", after=str(Cursor(last.since, last.activity.id))) if last else ""
    defaults: dict[str, Any] = {
        "items": found.items,
        "later": later,
        "waiting": how_many_wait(viewer()),
        "blank": ReturnForm(formdata=None),
        "returned": {},
        "decided": "",
        "too_late": "",
    }
    fragment = "challenges/_review_items.html" if after else "challenges/_review_queue.html"
    return render("challenges/reviews.html", fragment, status, **defaults | context)
