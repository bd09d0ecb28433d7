"""The three files that make a web page an app. All are public, since browsers also fetch them without cookies."""

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, json, make_response, render_template
from flask_babel import get_locale, gettext

from app.blueprints.pwa.manifest import manifest
from app.web.access import public
from app.web.assets import asset_url
from app.web.outages import for_everybody

blueprint = Blueprint("pwa", __name__)

_SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"

#: What a page needs when there is no network; small, and the same for everybody.
_SHELL = (
    "css/app.css",
    "fonts/familjen-grotesk-latin-wght-normal.woff2",
    "icons/app-icon-192.png",
    "icons/logo.svg",
    "icons/sprite.svg",
    "vendor/htmx.min.js",
)


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
    everybody gets an update."""
    settings = {
        "version": f"{current_app.extensions['asset_version']}-{get_locale()}",
        "shell": [
            asset_url(current_app, path) for path in (*_SHELL, *current_app.extensions["asset_scripts"])
        ],
        "icon": asset_url(current_app, "icons/app-icon-192.png"),
        "badge": asset_url(current_app, "icons/badge-96.png"),
        "title": gettext("News from Eldsjäl"),
    }
    response = make_response(
        render_template("pwa/service-worker.js", settings=settings, push_device=_push_device())
    )
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


@lru_cache
def _push_device() -> str:
    """What the worker shares with the pages. Its text is put into the worker, since not every browser lets a worker
    import a module."""
    return (_SCRIPTS / "push-device.js").read_text("utf-8").replace("\nexport ", "\n")


@blueprint.get("/offline")
@public
@for_everybody
def offline() -> str:
    """The service worker shows it when there is no network and the page is not stored."""
    return render_template("pwa/offline.html")
