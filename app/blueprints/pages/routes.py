"""Pages for everybody: privacy, accessibility, and the choice of language."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from app.blueprints.pages import blueprint
from app.models.person import LANGUAGES
from app.web.access import public
from app.web.local_path import local_path

_A_YEAR = 365 * 24 * 3600


@blueprint.get("/privacy")
@public
def privacy() -> str:
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@blueprint.post("/language")
@public
def language() -> Response:
    """Remember the language in this browser. People who are signed in choose it in their settings, for all devices."""
    response = redirect(local_path(request.form.get("next")), 303)
    code = request.form.get("language")
    if code in LANGUAGES:
        response.set_cookie(
            "language", code, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure, httponly=True
        )
    return response
