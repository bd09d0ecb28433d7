"""What waits for coordinators and leads, the decisions that are one tap, and the log. What takes reading first is in
review_routes.py."""

from collections.abc import Callable
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.moderation import blueprint
from app.blueprints.moderation.forms import WordsForm
from app.extensions import db
from app.models.moderation import Decision, last_decision
from app.models.person import Role
from app.services.moderation.acts import AlreadyDecidedError, OwnDecisionError
from app.services.moderation.decide import keep, publish, restore, undo, uphold
from app.services.moderation.picture_queue import waiting_pictures
from app.services.moderation.queue import decisions, fresh_decision, queue, queue_length, reviewable
from app.services.notifications.flag_reasons import verdict_words
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import viewer
from app.web.paging import RankedCursor, last_number, row_number
from app.web.queue import Queue

MODERATORS = (Role.COORDINATOR, Role.LEAD)

#: Those who flagged something have asked to be told, however many they are, and a queue is to be worked through.
_braked = braked(1, counts_told=False)
braked_form = braked(1, counts_told=False, form=True)


@blueprint.get("/moderation")
@role(*MODERATORS)
def index() -> Response:
    return _QUEUE.show()


@blueprint.get("/moderation/log")
@role(*MODERATORS)
def log() -> Response:
    entries = decisions(viewer(), last_number(request.args.get("before")))
    older = url_for("moderation.log", before=entries.last.decision.id) if entries.last else ""
    return render("moderation/log.html", "moderation/_log_rows.html", entries=entries.items, older=older)


@blueprint.post("/moderation/<int:contribution_id>/approval", endpoint="keep")
@role(*MODERATORS)
@braked_form
def approve(contribution_id: int) -> Response:
    return _decide_in_words(contribution_id, lambda thing, text: keep(thing, viewer(), clock.now(), text))


@blueprint.post("/moderation/<int:contribution_id>/publication", endpoint="publish")
@role(*MODERATORS)
@_braked
def let_it_be_seen(contribution_id: int) -> Response:
    return _decide(contribution_id, lambda thing: publish(thing, viewer(), clock.now()))


@blueprint.post("/moderation/<int:contribution_id>/restoration", endpoint="restore")
@role(*MODERATORS)
@braked_form
def show_again(contribution_id: int) -> Response:
    return _decide_in_words(contribution_id, lambda thing, text: restore(thing, viewer(), clock.now(), text))


@blueprint.post("/moderation/<int:contribution_id>/confirmation", endpoint="uphold")
@role(*MODERATORS)
@braked_form
def confirm(contribution_id: int) -> Response:
    return _decide_in_words(contribution_id, lambda thing, text: uphold(thing, viewer(), clock.now(), text))


@blueprint.post("/moderation/<int:contribution_id>/undo", endpoint="undo")
@role(*MODERATORS)
@_braked
def take_back(contribution_id: int) -> Response:
    return _decide(contribution_id, lambda thing: undo(thing, viewer(), clock.now()))


def _decide_in_words(contribution_id: int, decide: Callable[[Any, str], Decision]) -> Response:
    form = WordsForm()
    if not form.validate() and reviewable(contribution_id, viewer()):
        return _QUEUE.show(422, returned={contribution_id: form})
    return _decide(contribution_id, lambda thing: decide(thing, form.text.data))


def _decide(contribution_id: int, decide: Callable[[Any], Decision]) -> Response:
    """Decide, and show the queue with a message about it, also when somebody else was quicker."""
    thing = reviewable(contribution_id, viewer()) or abort(404)
    try:
        made_decision = decide(thing)
    except OwnDecisionError:
        abort(403)
    except AlreadyDecidedError:
        return too_late(contribution_id)
    db.session.commit()
    if wants_fragment():
        return _QUEUE.show(decided=fresh_decision(made_decision.id, viewer()))
    return go_to("moderation.index", decided=made_decision.id)


def too_late(contribution_id: int) -> Response:
    """Somebody else was quicker: the queue, and a word of who and what."""
    db.session.rollback()
    last = last_decision(contribution_id)
    words = _("Already decided: somebody was quicker.")
    if last and last.by and last.by.id != viewer().id:
        words = _(
            "%(name)s was quicker: %(what)s.", name=last.by.name, what=verdict_words(last.verdict).lower()
        )
    return _QUEUE.tell_too_late(words)


def _find(after: RankedCursor | None) -> dict[str, Any]:
    """The first page's own queries say how many wait in all."""
    found, number = queue(viewer(), after), row_number(request.args.get("decided"))
    pictures = [] if after else waiting_pictures(viewer())
    length = found.length + (pictures[0].length if pictures else 0)
    return {
        "items": found.items,
        "last": RankedCursor(*found.last.place) if found.last and found.last.place else None,
        "waiting": queue_length(viewer()) if after else length,
        "pictures": pictures,
        "decided": fresh_decision(number, viewer()) if number else None,
        "blank": WordsForm(formdata=None),
    }


_QUEUE = Queue(
    "moderation.index",
    "moderation/index.html",
    "moderation/_queue.html",
    "moderation/_item.html",
    _find,
    RankedCursor.parse,
)
