"""One thing that waits: read it as readers see it, with what has happened to it, and decide."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.moderation import blueprint
from app.blueprints.moderation.forms import NoteForm, ReviewForm
from app.blueprints.moderation.queue_routes import MODERATORS, braked_form, too_late
from app.extensions import db
from app.models.contribution import Contributed
from app.models.moderation import Decision, last_decision
from app.models.publication import is_unpublished
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.decide import ask, hide, keep
from app.services.moderation.limits import may_be_limited
from app.services.moderation.queue import item_of, reviewable
from app.services.moderation.reading import add_note, begin_reading, history_of, notes_on, read_by_another
from app.web.access import role
from app.web.htmx import go_to, render
from app.web.identity import viewer
from app.web.paging import row_number

#: What a form's verdict does with a thing; it is given the form.
_VERDICTS: Mapping[str, Callable[[Contributed, ReviewForm], Decision]] = {
    "keep": lambda thing, form: keep(thing, viewer(), clock.now(), form.text.data),
    "ask": lambda thing, form: ask(
        thing, viewer(), form.reason.data, form.text.data, clock.now(), seen=row_number(form.seen.data)
    ),
    "hide": lambda thing, form: _hide(thing, form, days=0),
    "limit": lambda thing, form: _hide(thing, form, days=int(form.days.data)),
}


@blueprint.get("/moderation/<int:contribution_id>")
@role(*MODERATORS)
def show(contribution_id: int) -> Response:
    """Reading is written down, so that a colleague who opens it meanwhile takes the next one."""
    begin_reading(_thing(contribution_id).id, viewer(), clock.now())
    db.session.commit()
    other = read_by_another(contribution_id, viewer(), clock.now())
    return _page(_thing(contribution_id), ReviewForm(formdata=None), other=other)


@blueprint.post("/moderation/<int:contribution_id>/decision")
@role(*MODERATORS)
@braked_form
def decide(contribution_id: int) -> Response:
    thing, form = _thing(contribution_id), ReviewForm()
    if not form.validate():
        return _page(thing, form, 422)
    if form.verdict.data == "limit" and not may_be_limited(thing.owner_id):
        abort(403)
    try:
        decision = _VERDICTS[form.verdict.data](thing, form)
    except AlreadyDecidedError:
        return too_late(contribution_id)
    db.session.commit()
    flash(_draft_key(contribution_id), "draft-done")
    return go_to("moderation.index", decided=decision.id)


@blueprint.post("/moderation/<int:contribution_id>/notes")
@role(*MODERATORS)
@braked_form
def leave_note(contribution_id: int) -> Response:
    thing, form = _thing(contribution_id), NoteForm()
    if not form.validate():
        return _page(thing, ReviewForm(formdata=None), 422, note_form=form)
    add_note(thing.id, viewer(), form.note.data, clock.now())
    db.session.commit()
    flash(_("Noted. Only moderators see it."))
    return go_to("moderation.show", contribution_id=contribution_id, _anchor="notes")


def _hide(thing: Contributed, form: ReviewForm, *, days: int) -> Decision:
    reason, words, seen = form.reason.data, form.text.data, row_number(form.seen.data)
    return hide(thing, viewer(), reason, words, clock.now(), days=days, seen=seen)


def _thing(contribution_id: int) -> Any:
    return reviewable(contribution_id, viewer()) or abort(404)


def _draft_key(contribution_id: int) -> str:
    return f"review-{contribution_id}"


def _page(thing: Any, form: ReviewForm, status: int = 200, **about: Any) -> Response:
    """A form that comes back keeps the last decision that was seen."""
    if not form.seen.data:
        last = last_decision(thing.id)
        form.seen.data = str(last.id if last else 0)
    context = {
        "thing": thing,
        "item": item_of(thing, viewer()),
        "form": form,
        "note_form": NoteForm(formdata=None),
        "other": None,
        "notes": notes_on(thing.id),
        "history": history_of(thing),
        "unpublished": bool(thing.removal and is_unpublished(thing.removal.decision)),
        "may_limit": may_be_limited(thing.owner_id),
        "draft": _draft_key(thing.id),
    }
    return render("moderation/review.html", "moderation/_review.html", status, **context | about)
