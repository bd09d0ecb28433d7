"""Pictures, only to those who may see their activity."""

from typing import Final

from flask import abort
from werkzeug.wrappers import Response

from app.blueprints.media import blueprint
from app.services.activities.photos import may_see_photo
from app.web.access import signed_in
from app.web.identity import viewer
from app.web.media import photo_file, photo_key

#: Who may see a picture changes, so the browser asks again after a day. Signing out clears the browser's cache.
_CACHE_CONTROL: Final = "private, max-age=86400, must-revalidate"


@blueprint.get("/media/<name>")
@signed_in
def photo(name: str) -> Response:
    if not may_see_photo(photo_key(name), viewer()):
        abort(404)
    return photo_file(name, _CACHE_CONTROL)
