"""What authors say to the decision that withholds a picture of theirs."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.moderation import blueprint
from app.blueprints.moderation.forms import AnswerForm
from app.blueprints.moderation.gone import gone
from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Photo
from app.models.photo_objection import decision_that_withholds
from app.services.activities.wholes import activities_with_owners
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.appeals import answer_to
from app.services.moderation.picture_answers import answer_back_about, picture_to_answer_about
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to, go_to_path, render
from app.web.identity import viewer


@blueprint.get("/moderation/pictures/<int:photo_id>/answer")
@signed_in
def picture_answer(photo_id: int) -> Response:
    return gone(photo_id, "activities.mine") or _page(_own(photo_id))


@blueprint.post("/moderation/pictures/<int:photo_id>/answer")
@signed_in
@braked(4, form=True, limited_too=True)
def send_picture_answer(photo_id: int) -> Response:
    photo, form = _own(photo_id), AnswerForm()
    if not form.validate():
        return _page(photo, form, 422)
    try:
        answer_back_about(photo, _activity_of(photo), viewer(), form.text.data, clock.now())
    except AlreadyDecidedError:
        db.session.rollback()
        flash(_("Already decided: somebody has looked at it once more."), "error")
        return go_to("moderation.picture_answer", photo_id=photo_id)
    db.session.commit()
    flash(_("Your answer is sent. You will be told what comes of it."))
    flash(_draft_key(photo), "draft-done")
    return go_to("moderation.picture_answer", photo_id=photo_id)


def _own(photo_id: int) -> Photo:
    return picture_to_answer_about(photo_id, viewer()) or abort(404)


def _activity_of(photo: Photo) -> Activity:
    (activity,) = activities_with_owners([photo.activity_id])
    return activity


def _draft_key(photo: Photo) -> str:
    return f"picture-answer-{photo.id}"


def _page(photo: Photo, form: AnswerForm | None = None, status: int = 200) -> Response:
    """`form` is what comes back with faults. What no decision withholds has nothing to answer: its activity says how it
    is."""
    activity, decision = _activity_of(photo), decision_that_withholds(photo)
    if decision is None:
        return go_to_path(activity.path)
    answer = answer_to(decision)
    words = answer.text if answer else ""
    context = {
        "photo": photo,
        "activity": activity,
        "decision": decision,
        "appeal": answer,
        "form": form or AnswerForm(formdata=None, data={"text": words}),
        "draft": _draft_key(photo),
    }
    return render("moderation/picture_answer.html", "moderation/_picture_answer.html", status, **context)
