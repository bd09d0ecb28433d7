"""The media store of this process, and pictures out of it as answers."""

import re
from typing import Final

from flask import abort, current_app, make_response, request
from werkzeug.wrappers import Response

from app.gateways.media import MediaMissing, MediaStore
from app.web.cache import Cache

_STORE: Cache[MediaStore] = Cache("media store", key="its address", at_most=1)
_NAME: Final = re.compile(r"([A-Za-z0-9_]+)-[sml]\.(avif|webp)")
#: Who may see a picture changes at any moment, when it is hidden or a permission is taken back: then it is gone at the
#: next look, also from a browser that has it.
_ASK_EACH_TIME: Final = "private, no-cache"


def media_store() -> MediaStore:
    """Opened at its first use and kept, since an S3 client holds connections."""
    address = current_app.config["MEDIA_URL"]
    return _STORE.get(address, lambda: MediaStore.from_url(address))


def photo_key(name: str) -> str:
    """The key of the photo that this file is of; 404 for any other name."""
    parts = _NAME.fullmatch(name)
    return parts[1] if parts else abort(404)


def photo_file(name: str) -> Response:
    """The file; the caller has made sure that it may be seen. The picture under a name never changes, so a browser that
    has it is told to show that one."""
    response = make_response("", 304) if name in request.if_none_match else _stored(name)
    response.headers["Cache-Control"] = _ASK_EACH_TIME
    response.set_etag(name)
    return response


def _stored(name: str) -> Response:
    try:
        response = make_response(media_store().get(name))
    except MediaMissing:
        abort(404)
    response.content_type = f"image/{name.rpartition('.')[2]}"
    return response
