"""The screen in a lobby: for everybody who comes by, at an address that leads make and revoke (blueprints/admin).

An address that is wrong and one that was revoked are answered alike. Nothing here looks at who is signed in, so that a
screen shows the same whoever set it up, and sets no cookie.
"""

from flask import Response as FlaskResponse
from flask import abort, make_response, render_template, request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.lobby import blueprint
from app.blueprints.lobby.page import lobby_page
from app.extensions import limiter
from app.models.person import LANGUAGES
from app.services.publishing.lobby import is_public_picture
from app.services.publishing.lobby_address import is_lobby_address
from app.web.access import public
from app.web.media import photo_file, photo_key
from app.web.network import network

#: A screen asks six times a minute at most; a dozen of them may stand in one network.
_limited = limiter.shared_limit("1200 per 5 minutes", "lobby", key_func=network)


@blueprint.get("/screen/<secret>")
@public
@_limited
def index(secret: str) -> FlaskResponse:
    """`?lang=en`; without it, Swedish: not what the screen's own browser happens to be set to."""
    return _shown("lobby/index.html", secret)


@blueprint.get("/screen/<secret>/now")
@public
@_limited
def now(secret: str) -> FlaskResponse:
    """What is on the screen by now: what static/js/lobby-screen.js puts in its place."""
    return _shown("lobby/_kiosk.html", secret)


@blueprint.get("/screen/<secret>/pictures/<name>")
@public
@_limited
def picture(secret: str, name: str) -> Response:
    """One that everybody may see; no other is to be had here."""
    _demand(secret)
    if not is_public_picture(photo_key(name)):
        abort(404)
    return photo_file(name)


def _shown(template: str, secret: str) -> FlaskResponse:
    _demand(secret)
    asked = request.args.get("lang")
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    with force_locale(language):
        page = render_template(template, secret=secret, language=language, **lobby_page(clock.now()))
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _demand(secret: str) -> None:
    if not is_lobby_address(secret):
        abort(404)
