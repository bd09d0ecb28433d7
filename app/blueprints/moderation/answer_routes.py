"""What authors do about what is out of sight: change it and send it again, or say that it should stand."""

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.moderation import blueprint
from app.blueprints.moderation.forms import AnswerForm, again_form
from app.extensions import db
from app.models.contribution import Contributed, ContributionKind
from app.models.moderation import appeal_of, decision_that_hides
from app.services.activities.photos import own_photo, remove_photo
from app.services.conversation.links import TooManyLinksError
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.appeals import answer_back, send_again
from app.services.moderation.moderated_kinds import find_visible
from app.services.moderation.rewriting import rewrite
from app.web.access import signed_in
from app.web.brake import braked
from app.web.conversation import TOO_MANY_LINKS
from app.web.forms import Form
from app.web.htmx import go_to, go_to_path, render
from app.web.identity import viewer
from app.web.media import media_store
from app.web.paging import row_number


@blueprint.get("/moderation/answer/<int:contribution_id>")
@signed_in
def answer(contribution_id: int) -> Response:
    return _page(_own_hidden(contribution_id))


@blueprint.post("/moderation/answer/<int:contribution_id>")
@signed_in
@braked(4, form=True, limited_too=True)
def send_answer(contribution_id: int) -> Response:
    thing, form = _own_hidden(contribution_id), AnswerForm()
    if not form.validate():
        return _page(thing, form=form, status=422)
    try:
        answer_back(thing, viewer(), form.text.data, clock.now())
    except AlreadyDecidedError:
        return _decided_meanwhile(thing)
    db.session.commit()
    flash(_("Your answer is sent. You will be told what comes of it."))
    flash(_draft_key(thing), "draft-done")
    return go_to("moderation.answer", contribution_id=thing.id)


@blueprint.post("/moderation/answer/<int:contribution_id>/again")
@signed_in
@braked(4, form=True, limited_too=True)
def change_and_send(contribution_id: int) -> Response:
    thing = _own_hidden(contribution_id)
    form = again_form(thing)
    if not form.validate():
        return _page(thing, again=form, status=422)
    try:
        send_again(thing, viewer(), clock.now())
    except AlreadyDecidedError:
        return _decided_meanwhile(thing)
    try:
        rewrite(thing, {field.name: field.data or "" for field in form}, by=viewer(), now=clock.now())
    except TooManyLinksError:
        db.session.rollback()
        form["body"].errors = [TOO_MANY_LINKS]
        return _page(_own_hidden(contribution_id), again=form, status=422)
    db.session.commit()
    _remove_pictures(thing)
    flash(_("Sent again. You are told when somebody has read it."))
    flash(_draft_key(thing), "draft-done")
    return go_to("moderation.answer", contribution_id=thing.id)


def _remove_pictures(thing: Contributed) -> None:
    """Those that the author has ticked."""
    if thing.kind is not ContributionKind.ACTIVITY:
        return
    for number in filter(None, map(row_number, request.form.getlist("gone"))):
        if photo := own_photo(thing.id, number, viewer()):
            remove_photo(photo, store=media_store(), commit=db.session.commit, now=clock.now())


def _decided_meanwhile(thing: Contributed) -> Response:
    path = thing.path
    db.session.rollback()
    flash(_("Already decided: somebody has looked at it once more."), "error")
    return go_to_path(path)


def _own_hidden(contribution_id: int) -> Contributed:
    thing: Contributed | None = find_visible(contribution_id, viewer())
    if thing is None or thing.removal is None or not thing.is_owned_by(viewer()):
        abort(404)
    return thing


def _draft_key(thing: Contributed) -> str:
    return f"answer-{thing.id}"


def _page(
    thing: Contributed, *, form: Form | None = None, again: Form | None = None, status: int = 200
) -> Response:
    """`form` and `again` are what comes back with faults."""
    appeal = appeal_of(thing.id)
    words = appeal.text if appeal else ""
    context = {
        "thing": thing,
        "decision": decision_that_hides(thing.id),
        "appeal": appeal,
        "form": form or AnswerForm(formdata=None, data={"text": words}),
        "again": again or again_form(thing),
        "draft": _draft_key(thing),
    }
    return render("moderation/answer.html", "moderation/_answer.html", status, **context)
