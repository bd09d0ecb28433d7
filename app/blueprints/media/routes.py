"""Pictures, only to those who may see their activity."""

import re

from flask import abort, make_response, request
from werkzeug.wrappers import Response

from app.blueprints.media import blueprint
from app.gateways.media import MediaMissing
from app.services.activities.photos import may_see_photo
from app.web.access import signed_in
from app.web.identity import viewer
from app.web.media import media_store

_NAME = re.compile(r"([A-Za-z0-9_]+)-[sml]\.(avif|webp)")
#: The picture under a name never changes, but who may see it does, so the browser asks again after a day. Signing out
#: clears the browser's cache.
_CACHE_CONTROL = "private, max-age=86400, must-revalidate"


@blueprint.get("/media/<name>")
@signed_in
def photo(name: str) -> Response:
    parts = _NAME.fullmatch(name)
    if parts is None or not may_see_photo(parts[1], viewer()):
        abort(404)
    if name in request.if_none_match:
        return _with_headers(make_response("", 304), name)
    try:
        response = make_response(media_store().get(name))
    except MediaMissing:
        abort(404)
    response.content_type = f"image/{parts[2]}"
    return _with_headers(response, name)


def _with_headers(response: Response, name: str) -> Response:
    response.headers["Cache-Control"] = _CACHE_CONTROL
    response.set_etag(name)
    return response
