"""Pictures of public stories, for whoever shows a link that leads to one (services/publishing/preview.py)."""

from flask import abort
from werkzeug.wrappers import Response

from app.blueprints.pages import blueprint
from app.extensions import limiter
from app.services.publishing.lobby import is_public_picture
from app.web.access import public
from app.web.media import photo_file, photo_key
from app.web.network import network

_limited = limiter.shared_limit("300 per 5 minutes", "preview", key_func=network)


@blueprint.get("/preview/<name>")
@public
@_limited
def preview_picture(name: str) -> Response:
    if not is_public_picture(photo_key(name)):
        abort(404)
    return photo_file(name)
