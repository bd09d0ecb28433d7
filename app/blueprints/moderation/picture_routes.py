"""A picture to which somebody in it objects, or about which its author has answered: look at it, and decide whether it
may be used."""

from collections.abc import Callable

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.moderation import blueprint
from app.blueprints.moderation.forms import WordsForm
from app.blueprints.moderation.gone import gone
from app.blueprints.moderation.queue_routes import MODERATORS, braked_form
from app.extensions import db
from app.models.moderation import Decision
from app.services.moderation.acts import AlreadyDecidedError, OwnDecisionError
from app.services.moderation.picture_answers import keep_withheld
from app.services.moderation.picture_queue import (
    WaitingPicture,
    decisions_about,
    reviewable_picture,
)
from app.services.moderation.pictures import release, withhold
from app.web.access import role
from app.web.htmx import go_to, render
from app.web.identity import viewer


@blueprint.get("/moderation/pictures/<int:photo_id>")
@role(*MODERATORS)
def picture(photo_id: int) -> Response:
    return gone(photo_id, "moderation.index") or _page(_waiting(photo_id), WordsForm(formdata=None))


@blueprint.post("/moderation/pictures/<int:photo_id>/withholding")
@role(*MODERATORS)
@braked_form
def withhold_picture(photo_id: int) -> Response:
    return _decide(
        photo_id,
        lambda one, text: withhold(one.photo, one.activity, viewer(), text, clock.now()),
        _("The picture is not shown any more. The author has been told."),
    )


@blueprint.post("/moderation/pictures/<int:photo_id>/release")
@role(*MODERATORS)
@braked_form
def release_picture(photo_id: int) -> Response:
    return _decide(
        photo_id,
        lambda one, text: release(one.photo, one.activity, viewer(), text, clock.now()),
        _("The picture may be used again. The author has been told."),
    )


@blueprint.post("/moderation/pictures/<int:photo_id>/confirmation")
@role(*MODERATORS)
@braked_form
def keep_picture_withheld(photo_id: int) -> Response:
    return _decide(
        photo_id,
        lambda one, text: keep_withheld(one.photo, one.activity, viewer(), text, clock.now()),
        _("The picture stays withheld. The author has been told."),
    )


def _decide(photo_id: int, decide: Callable[[WaitingPicture, str], Decision], words: str) -> Response:
    waiting, form = _waiting(photo_id), WordsForm()
    if not form.validate():
        return _page(waiting, form, 422)
    try:
        decide(waiting, form.text.data or "")
    except OwnDecisionError:
        abort(403)
    except AlreadyDecidedError:
        db.session.rollback()
        flash(_("Already decided: somebody was quicker."), "error")
        return go_to("moderation.index")
    db.session.commit()
    flash(_draft_key(photo_id), "draft-done")
    flash(words)
    return go_to("moderation.index")


def _waiting(photo_id: int) -> WaitingPicture:
    return reviewable_picture(photo_id, viewer()) or abort(404)


def _draft_key(photo_id: int) -> str:
    return f"picture-{photo_id}"


def _page(waiting: WaitingPicture, form: WordsForm, status: int = 200) -> Response:
    context = {
        "waiting": waiting,
        "form": form,
        "decisions": decisions_about(waiting.photo.id),
        "draft": _draft_key(waiting.photo.id),
    }
    return render("moderation/picture.html", "moderation/_picture.html", status, **context)
