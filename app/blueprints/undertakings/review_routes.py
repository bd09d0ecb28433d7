"""What coordinators and leads do: look at completions that wait, approve them or send them back."""

from collections.abc import Callable
from typing import Any

from flask import abort
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.undertakings import blueprint
from app.blueprints.undertakings.forms import ReturnForm
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Role
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
from app.web.identity import viewer
from app.web.paging import Cursor
from app.web.queue import Queue

_REVIEWERS = (Role.COORDINATOR, Role.LEAD)

#: Those who did it wait for the word, and a queue is to be worked through: so those who are told count for nothing.
_braked = braked(1, counts_told=False)
_braked_form = braked(1, counts_told=False, form=True)


@blueprint.get("/challenges/reviews")
@role(*_REVIEWERS)
def reviews() -> Response:
    return _QUEUE.show()


@blueprint.post("/challenges/reviews/<int:activity_id>/approval", endpoint="approve")
@role(*_REVIEWERS)
@_braked
def approval(activity_id: int) -> Response:
    activity = _reviewable(activity_id)
    words = _("Approved. Those who did it have been told.")
    return _decide(activity, words, lambda: approve(activity, viewer(), clock.now()))


@blueprint.post("/challenges/reviews/<int:activity_id>/return", endpoint="send_back")
@role(*_REVIEWERS)
@_braked_form
def sending_back(activity_id: int) -> Response:
    activity, form = _reviewable(activity_id), ReturnForm()
    if not form.validate():
        return _QUEUE.show(422, returned={activity_id: form})
    words = _("Sent back. Those who did it can read why, and mend it.")
    return _decide(activity, words, lambda: send_back(activity, viewer(), form.text.data, clock.now()))


def _reviewable(activity_id: int) -> Activity:
    return reviewable(activity_id, viewer()) or abort(404)


def _decide(activity: Activity, words: str, decide: Callable[[], object]) -> Response:
    """Decide, and show the queue with a word about it, also when somebody else was quicker."""
    draft = f"completion-{activity.id}"
    try:
        decide()
    except AlreadyDecidedError:
        db.session.rollback()
        return _QUEUE.tell_too_late(_("Already decided, or changed in the meantime."))
    db.session.commit()
    return _QUEUE.tell(words, draft)


def _find(after: Cursor | None) -> dict[str, Any]:
    found = waiting(viewer(), after)
    return {
        "items": found.items,
        "last": Cursor(found.last.since, found.last.activity.id) if found.last else None,
        "waiting": how_many_wait(viewer()),
        "blank": ReturnForm(formdata=None),
    }


_QUEUE = Queue(
    "undertakings.reviews",
    "challenges/reviews.html",
    "challenges/_review_queue.html",
    "challenges/_review_item.html",
    _find,
)
