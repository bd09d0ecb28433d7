"""What makes a web page an app. All is public, since browsers also fetch it without cookies."""

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, json, make_response, render_template
from flask_babel import get_locale
from flask_login import current_user

from app.blueprints.pwa.manifest import manifest
from app.web.access import public
from app.web.assets import asset_url
from app.web.language import page_language
from app.web.outages import for_everybody
from app.web.owner import NOBODY, OWNER, owner_of

blueprint = Blueprint("pwa", __name__)

_SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"

#: What a page needs when there is no network; small, and the same for everybody.
_SHELL = (
    "css/app.css",
    "fonts/familjen-grotesk-latin-wght-normal.woff2",
    "icons/logo.svg",
    "icons/sprite.svg",
    "vendor/htmx.min.js",
)
#: Scripts of what needs a network anyway; they come with the first page that needs them.
_LATER = frozenset(
    f"js/{name}.js"
    for name in (
        "concreteness-meter",
        "draft-form",
        "heeded-tips",
        "kept-words",
        "lobby-screen",
        "mention-field",
        "news",
        "photo-picker",
        "push",
        "push-device",
        "push-toggle",
        "recent-searches",
        "share-button",
    )
)
#: How long the worker waits for the network before it shows the feed that it has kept.
_PATIENCE_MS = 4000


@blueprint.get("/manifest.webmanifest")
@public
@for_everybody
def web_manifest() -> Response:
    """Name, icons and shortcuts, in the reader's language."""
    body = json.dumps(
        manifest(lambda path: asset_url(current_app, path), str(get_locale())), ensure_ascii=False
    )
    response = Response(body, mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/service-worker.js")
@public
@for_everybody
def service_worker() -> Response:
    """The service worker. It is at the root, since it controls only addresses below its own; not cached, so that
    everybody gets an update.

    The same for everybody, also in every language: browsers take another text for a new worker, load the whole shell
    for it and put it in the old one's place, amid somebody's signing in."""
    settings = {
        "version": current_app.extensions["asset_version"],
        "shell": [asset_url(current_app, path) for path in _shell()],
        "icon": asset_url(current_app, "icons/app-icon-192.png"),
        "badge": asset_url(current_app, "icons/badge-96.png"),
        "title": "Eldsjäl",
        "owner": OWNER,
        "nobody": NOBODY,
        "patience": _PATIENCE_MS,
    }
    response = make_response(
        render_template("pwa/service-worker.js", settings=settings, push_device=_push_device())
    )
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _shell() -> list[str]:
    return [*_SHELL, *(path for path in current_app.extensions["asset_scripts"] if path not in _LATER)]


@lru_cache
def _push_device() -> str:
    """What the worker shares with the pages. Its text is put into the worker, since not every browser lets a worker
    import a module."""
    return (_SCRIPTS / "push-device.js").read_text("utf-8").replace("\nexport ", "\n")


@blueprint.get("/offline")
@public
@for_everybody
def offline() -> Response:
    """The service worker shows it when there is no network and the page is not stored. It asks for it anew when pages
    are in another language by now."""
    response = make_response(render_template("pwa/offline.html"))
    response.content_language.add(page_language())
    return response


@blueprint.get("/owner")
@public
def owner() -> Response:
    """Who is signed in. The browser stores the answer and gives it without a network to whoever asks with the same
    cookie; after a change of person it has none."""
    response = make_response(owner_of(current_user))
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    return response
