"""Somebody in a picture does not want it: anybody may say so, signed in or not.

A key that leads to no picture, one of a picture that is withheld, and one that works are answered alike, so that nobody
learns here what there is. The picture itself is shown to whoever may see it anyway.
"""

from flask import abort, make_response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from app import clock
from app.blueprints.pictures import blueprint
from app.extensions import db, limiter
from app.models.outcome import Photo
from app.models.photo_objection import LONGEST_OBJECTION
from app.services.activities.photos import may_see_photo, own_photo
from app.services.moderation.pictures import object_to, objectionable
from app.services.publishing.lobby import is_public_picture
from app.web.access import public
from app.web.forms import Form
from app.web.htmx import go_to
from app.web.identity import person_key, viewer_or_none
from app.web.media import photo_file, photo_key
from app.web.network import network
from app.web.refusal import keeps_form

#: A person's, on all devices; without one the network's, which a whole school may share.
_OBJECTIONS = "10 per hour; 30 per day"
#: A page shows a few.
_PICTURES = "600 per 5 minutes"
_FOLDER = "/pictures"


class ObjectionForm(Form):
    """Nothing is demanded: neither a name nor a reason."""

    words = TextAreaField(
        _l("Is there something we should know?"),
        validators=[Length(max=LONGEST_OBJECTION, message=_l("At most %(max)d characters."))],
    )


def _when_again(wait: str) -> str:
    return _("That was much in a short time. Your text is kept: send it again in %(wait)s.", wait=wait)


@blueprint.get("/pictures/<name>")
@public
@limiter.limit(_PICTURES, key_func=network)
def picture(name: str) -> Response:
    """One that everybody may see; no other is to be had here."""
    if not is_public_picture(photo_key(name)):
        abort(404)
    return photo_file(name)


@blueprint.get("/pictures/<key>/objection")
@public
def objection(key: str) -> Response:
    photo = objectionable(key)
    if photo and _is_own(photo):
        return go_to("activities.outcome", activity_id=photo.activity_id, _anchor="photos")
    return _page(key, photo, ObjectionForm(formdata=None))


@blueprint.post("/pictures/<key>/objection")
@public
@keeps_form(_when_again)
@limiter.limit(_OBJECTIONS, key_func=person_key)
def send_objection(key: str) -> Response:
    form, photo = ObjectionForm(), objectionable(key)
    if not form.validate():
        return _page(key, photo, form, 422)
    if photo and _is_own(photo):
        return go_to("activities.outcome", activity_id=photo.activity_id, _anchor="photos")
    if photo:
        object_to(photo, viewer_or_none(), form.words.data, clock.now())
        db.session.commit()
    return go_to("pictures.objected")


@blueprint.get("/pictures/objection/sent")
@public
def objected() -> Response:
    return _kept_nowhere(render_template("pictures/objected.html"))


def _is_own(photo: Photo) -> bool:
    """Its author takes it away instead, without asking anybody."""
    person = viewer_or_none()
    return person is not None and own_photo(photo.activity_id, photo.id, person) is not None


def _page(key: str, photo: Photo | None, form: ObjectionForm, status: int = 200) -> Response:
    folder = _folder(photo) if photo else None
    page = render_template(
        "pictures/objection.html", key=key, photo=photo if folder else None, folder=folder, form=form
    )
    return _kept_nowhere(page, status)


def _folder(photo: Photo) -> str | None:
    """Where the picture is to be had for whoever looks; None when it is not for them."""
    person = viewer_or_none()
    if person and may_see_photo(photo.key, person):
        return "/media"
    return _FOLDER if is_public_picture(photo.key) else None


def _kept_nowhere(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
