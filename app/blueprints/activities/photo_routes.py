"""Photos of an activity, sent one by one while the report is written, or all together with the form."""

from collections.abc import Iterable

from flask import abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.outcome_forms import OutcomeForm
from app.blueprints.activities.outcome_page import LARGEST_REPORT, form_page, own_or_404
from app.extensions import db
from app.gateways.images import Bomb, ImageRefused, TooLarge
from app.models.activity import Activity
from app.models.outcome import Photo
from app.services.activities.photos import TooManyPhotosError, add_photo, remove_photo
from app.web.access import signed_in
from app.web.body_limits import takes_up_to
from app.web.htmx import go_to, wants_fragment
from app.web.identity import viewer
from app.web.media import media_store


@blueprint.post("/activities/<int:activity_id>/photos")
@signed_in
@takes_up_to(LARGEST_REPORT)
def add_photos(activity_id: int) -> Response:
    """Scripts get the new tiles, and why others were refused. Without scripts, the form is shown again."""
    photos, refused = take_in(own_or_404(activity_id), request.files.getlist("photos"))
    if not photos and not refused:
        refused = [_("Choose a picture first.")]
    if wants_fragment() or request.headers.get("X-Requested-With") == "fetch":
        status = 422 if refused else 201
        return make_response(
            render_template("activities/_photos.html", photos=photos, refused=refused), status
        )
    for sentence in refused:
        flash(sentence, "error")
    return go_to("activities.outcome", activity_id=activity_id, _anchor="photos")


@blueprint.post("/activities/<int:activity_id>/photos/<int:photo_id>/removal")
@signed_in
@takes_up_to(LARGEST_REPORT)
def drop_photo(activity_id: int, photo_id: int) -> Response:
    """The button is in the report's form. Without scripts it sends the whole form, which is then shown again."""
    activity = own_or_404(activity_id)
    photo = db.session.scalar(select(Photo).where(Photo.id == photo_id, Photo.activity_id == activity.id))
    if photo is None:
        abort(404)
    remove_photo(photo, store=media_store(), commit=db.session.commit)
    if wants_fragment():
        return make_response("", 200)
    if "story" in request.form:
        return form_page(own_or_404(activity_id), OutcomeForm())
    return go_to("activities.outcome", activity_id=activity_id, _anchor="photos")


def take_in(activity: Activity, files: Iterable[FileStorage]) -> tuple[list[Photo], list[str]]:
    """Store each picture at once, whatever happens to the others. Returns the photos, and a sentence for each refusal.

    One transaction for each, since preparing a picture takes a second, in which nobody else should have to wait.
    """
    photos: list[Photo] = []
    refused: list[str] = []
    for file in files:
        if not file.filename:
            continue
        try:
            photo = add_photo(activity, viewer(), file.read(), store=media_store(), now=clock.now())
        except (ImageRefused, TooManyPhotosError) as error:
            db.session.rollback()
            refused.append(_why_not(file.filename, error))
        else:
            db.session.commit()
            photos.append(photo)
    return photos, refused


def _why_not(name: str, error: Exception) -> str:
    if isinstance(error, TooManyPhotosError):
        return _("There is room for six pictures. Take one away first.")
    if isinstance(error, TooLarge):
        return _("%(name)s is too large. A picture may be at most 20 MB.", name=name)
    if isinstance(error, Bomb):
        return _("%(name)s has too many pixels. Send a smaller version of it.", name=name)
    return _("%(name)s could not be read as a picture. Send JPEG, PNG, WebP or HEIC.", name=name)
