"""Joining by a municipality's link: first the form, then the code that proves the address."""

from flask import Response as FlaskResponse
from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.blueprints.auth import blueprint
from app.blueprints.auth.forms import JoinForm
from app.blueprints.auth.in_progress import Joining, begin_sign_in, sign_in_in_progress
from app.blueprints.auth.limits import (
    codes_per_address,
    codes_per_address_from_here,
    codes_per_browser,
    codes_per_network,
    keeps_address,
)
from app.blueprints.auth.routes import send_code
from app.models.programme import Municipality
from app.web.access import public
from app.web.catalogue import catalogue
from app.web.identity import viewer_or_none


@blueprint.get("/join/<code>")
@public
def join_page(code: str) -> Response | str:
    """The form, with the link's municipality chosen. After "change address" it has what was written before."""
    place = _place(code)
    if viewer_or_none():
        return redirect("/", 303)
    if code != place.join_code:
        return redirect(url_for("auth.join_page", code=place.join_code), 303)
    in_progress = sign_in_in_progress()
    joining = in_progress["joining"] if in_progress else None
    form = JoinForm(formdata=None, municipality=place.slug)
    if in_progress and joining:
        form.email.data = in_progress["email"]
        form.name.data, form.title.data = joining["name"], joining["title"]
        form.municipality.data = _slug_of(joining["municipality_id"]) or place.slug
    return _page(form, place)


@blueprint.post("/join/<code>")
@public
@keeps_address
@codes_per_network
@codes_per_address_from_here
@codes_per_address
@codes_per_browser
def introduce(code: str) -> Response | tuple[str, int]:
    place, form = _place(code), JoinForm()
    if not form.validate():
        return _page(form, place), 422
    joining = Joining(
        join_code=place.join_code,
        name=form.name.data,
        title=form.title.data,
        municipality_id=next(
            entry.id for entry in catalogue().municipalities.values() if entry.slug == form.municipality.data
        ),
    )
    return send_code(begin_sign_in(form.email.data, "/", joining))


@blueprint.get("/join/<path:pasted>")
@blueprint.get("/<any(JOIN, Join):_capitals>/<path:pasted>")
@public
def pasted_link(pasted: str, _capitals: str = "") -> Response:
    """Mails and chats add a slash, write it in capitals, or go on behind it."""
    return redirect(url_for("auth.join_page", code=_place(pasted).join_code), 303)


def _place(code: str) -> Municipality:
    place = Municipality.with_join_code(code)
    return place or abort(FlaskResponse(render_template("auth/no_invitation.html"), 404))


def _slug_of(municipality_id: int) -> str:
    entry = catalogue().municipalities.get(municipality_id)
    return entry.slug if entry else ""


def _page(form: JoinForm, place: Municipality) -> str:
    return render_template(
        "auth/join.html", form=form, place=place, places=catalogue().municipalities.values()
    )
