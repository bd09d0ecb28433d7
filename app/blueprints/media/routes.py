"""Pictures, only to those who may see their activity."""

from flask import abort
from werkzeug.wrappers import Response

from app.blueprints.media import blueprint
from app.services.activities.photos import may_see_photo
from app.web.access import signed_in
from app.web.identity import viewer
from app.web.media import photo_file, photo_key


@blueprint.get("/media/<name>")
@signed_in
def photo(name: str) -> Response:
    if not may_see_photo(photo_key(name), viewer()):
        abort(404)
    return photo_file(name)
