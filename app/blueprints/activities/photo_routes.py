"""Photos of an activity, sent one by one while the report is written, or all together with the form."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.outcome_forms import OutcomeForm
from app.blueprints.activities.outcome_page import LARGEST_REPORT, form_page
from app.blueprints.activities.own import own_or_404
from app.blueprints.activities.photo_limits import TooManySentError, count_picture
from app.extensions import db
from app.gateways.images import LARGEST_FILE, Bomb, ImageRefused, TooLarge
from app.models.activity import Activity
from app.models.outcome import Photo
from app.services.activities.photos import (
    TooManyPhotosError,
    TooManyWaitingError,
    add_photo,
    own_photo,
    remove_photo,
)
from app.web.access import signed_in
from app.web.body_limits import takes_up_to
from app.web.htmx import go_to, wants_fragment
from app.web.identity import viewer
from app.web.limited import not_while_limited
from app.web.media import media_store


@dataclass
class TakenIn:
    """The pictures of a request: those that were taken in, and a sentence for each that was refused. `too_soon`: one of
    those is welcome later."""

    photos: list[Photo] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    too_soon: bool = False


@blueprint.post("/activities/<int:activity_id>/photos")
@signed_in
@takes_up_to(LARGEST_REPORT)
@not_while_limited
def add_photos(activity_id: int) -> Response:
    """Scripts get the new tiles, and why others were refused. Without scripts, the form is shown again."""
    taken_in = take_in(own_or_404(activity_id), request.files.getlist("photos"))
    if not taken_in.photos and not taken_in.refused:
        taken_in.refused = [_("Choose a picture first.")]
    if wants_fragment() or request.headers.get("X-Requested-With") == "fetch":
        status = 201 if not taken_in.refused else 429 if taken_in.too_soon else 422
        photos, refused = taken_in.photos, taken_in.refused
        return make_response(
            render_template("activities/_photos.html", photos=photos, refused=refused), status
        )
    for sentence in taken_in.refused:
        flash(sentence, "error")
    return go_to("activities.outcome", activity_id=activity_id, _anchor="photos")


@blueprint.get("/activities/<int:activity_id>/photos/<int:photo_id>")
@signed_in
def photo_view(activity_id: int, photo_id: int) -> Response:
    """What stands in the tile of a picture that was being prepared; nothing as long as it still is."""
    photo = own_photo(activity_id, photo_id, viewer())
    if photo is None:
        abort(404)
    if not wants_fragment():
        return go_to("activities.outcome", activity_id=activity_id, _anchor="photos")
    if photo.is_waiting:
        return make_response("", 204)
    return make_response(render_template("activities/_photo_view.html", photo=photo, alt=photo.alt))


@blueprint.post("/activities/<int:activity_id>/photos/<int:photo_id>/removal")
@signed_in
@takes_up_to(LARGEST_REPORT)
def drop_photo(activity_id: int, photo_id: int) -> Response:
    """The button is in the report's form. Without scripts it sends the whole form, which is then shown again. Of
    one that is elsewhere or nowhere the answer is the same, as after a second tap: its number tells nobody which."""
    activity = own_or_404(activity_id)
    its_own = select(Photo).where(Photo.id == photo_id, Photo.activity_id == activity.id)
    if photo := db.session.scalar(its_own):
        remove_photo(photo, store=media_store(), commit=db.session.commit, now=clock.now())
    if wants_fragment():
        return make_response("", 200)
    if "story" in request.form:
        return form_page(own_or_404(activity_id), OutcomeForm())
    return go_to("activities.outcome", activity_id=activity_id, _anchor="photos")


def take_in(activity: Activity, files: Iterable[FileStorage]) -> TakenIn:
    """Store each picture at once, whatever happens to the others.

    One transaction for each, since storing it may take a second, in which nobody else should have to wait.
    """
    taken_in = TakenIn()
    for file in files:
        if not file.filename:
            continue
        try:
            count_picture()
            photo = add_photo(activity, viewer(), _content(file), store=media_store(), now=clock.now())
        except (ImageRefused, TooManyPhotosError, TooManyWaitingError, TooManySentError) as error:
            db.session.rollback()
            taken_in.refused.append(_why_not(file.filename, error))
            taken_in.too_soon |= isinstance(error, TooManyWaitingError | TooManySentError)
        else:
            db.session.commit()
            taken_in.photos.append(photo)
    return taken_in


def _content(file: FileStorage) -> bytes:
    """No more of it than shows that it is too large."""
    return file.stream.read(LARGEST_FILE + 1)


def _why_not(name: str, error: Exception) -> str:
    if isinstance(error, TooManyPhotosError):
        return _("There is room for six pictures. Take one away first.")
    if isinstance(error, TooManyWaitingError):
        return _(
            "%(name)s was not taken: many of your pictures are still being prepared. Send it again in a minute.",
            name=name,
        )
    if isinstance(error, TooManySentError):
        return _(
            "%(name)s was not taken: you have sent very many pictures lately. Send it again in an hour.",
            name=name,
        )
    if isinstance(error, TooLarge):
        return _("%(name)s is too large. A picture may be at most 40 MB.", name=name)
    if isinstance(error, Bomb):
        return _("%(name)s has too many pixels. Send a smaller version of it.", name=name)
    return _("%(name)s could not be read as a picture. Send JPEG, PNG, WebP or HEIC.", name=name)
