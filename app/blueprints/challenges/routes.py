"""Read the challenges: the quilt, a square of it, all of a stage, and one."""

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.challenges import blueprint
from app.blueprints.challenges.page import page_of
from app.blueprints.challenges.quilt import Quilt, quilt_of
from app.models.challenge import Challenge
from app.models.person import Role
from app.models.stage import Stage
from app.services.challenges.overview import overview
from app.services.challenges.progress import municipalities_with, undertakings_of
from app.services.challenges.squares import activities_of_square, challenges_of_stage
from app.services.challenges.visibility import visible_challenge
from app.web.access import signed_in
from app.web.catalogue import CatalogueFocusArea, CatalogueValue, catalogue
from app.web.htmx import render
from app.web.identity import glance, viewer
from app.web.paging import last_number

Square = tuple[CatalogueValue, CatalogueFocusArea]


@blueprint.get("/challenges")
@signed_in
def index() -> Response:
    """The quilt and the challenges of the running stage; with a value and a focus area, that square alone."""
    stage, square, today = _stage(), _square(), catalogue().today(clock.now())
    if stage is None:
        return make_response(render_template("challenges/none.html", **_shell()))
    quilt = quilt_of(stage, catalogue(), today)
    if square:
        return _square_page(stage, square, quilt)
    lists = overview(viewer(), stage.id, quilt.lively, today)
    context = {"stage": stage, "quilt": quilt, "lists": lists, "today": today, **_shell()}
    return make_response(render_template("challenges/index.html", **context))


@blueprint.get("/challenges/all")
@signed_in
def everything() -> Response:
    """Every challenge of the running stage, or of one square of it; for HTMX only the next ones."""
    stage, square = _stage() or abort(404), _square()
    context = _challenges(stage, square, last_number(request.args.get("before")))
    return render("challenges/all.html", "challenges/_cards.html", square=square, stage=stage, **context)


@blueprint.get("/challenges/carried-out")
@signed_in
def carried_out() -> Response:
    """What has been carried out in a square; for HTMX only the next rows."""
    stage, square = _stage() or abort(404), _square() or abort(404)
    context = _carried_out(stage, square, last_number(request.args.get("before")))
    return render(
        "challenges/carried_out.html", "challenges/_carried_out_rows.html", square=square, **context
    )


@blueprint.get("/challenges/<int:challenge_id>")
@signed_in
def show(challenge_id: int) -> Response:
    return page_of(_visible(challenge_id))


@blueprint.get("/challenges/<int:challenge_id>/activities")
@signed_in
def activities(challenge_id: int) -> Response:
    """The activities that have taken it on; for HTMX only the next rows."""
    challenge = _visible(challenge_id)
    page = undertakings_of(challenge, last_number(request.args.get("before")))
    context: dict[str, Any] = {"challenge": challenge, "undertakings": page.items, "last": page.last}
    return render("challenges/activities.html", "challenges/_undertaking_rows.html", **context)


def _square_page(stage: Stage, square: Square, quilt: Quilt) -> Response:
    context = {
        "square": square,
        "state": quilt.squares[square[0].id, square[1].id],
        **_challenges(stage, square, None),
        **_carried_out(stage, square, None),
        **_shell(),
    }
    return make_response(render_template("challenges/square.html", **context))


def _challenges(stage: Stage, square: Square | None, before: int | None) -> dict[str, Any]:
    numbers = (square[0].id, square[1].id) if square else None
    page = challenges_of_stage(stage.id, numbers, before)
    more = _address("challenges.everything", square, page.last.id) if page.last else ""
    return {
        "challenges": page.items,
        "more_challenges": more,
        "places": municipalities_with([challenge.id for challenge in page.items]),
        "today": catalogue().today(clock.now()),
    }


def _carried_out(stage: Stage, square: Square, before: int | None) -> dict[str, Any]:
    page = activities_of_square(stage.id, (square[0].id, square[1].id), before)
    more = _address("challenges.carried_out", square, page.last.id) if page.last else ""
    return {"activities": page.items, "more_activities": more}


def _address(endpoint: str, square: Square | None, before: int) -> str:
    at: dict[str, Any] = {"value": square[0].slug, "focus_area": square[1].slug} if square else {}
    return url_for(endpoint, before=before, **at)


def _stage() -> Stage | None:
    return catalogue().current_stage(catalogue().today(clock.now()))


def _square() -> Square | None:
    """The value and the focus area in the address; 404 for what does not exist, or for one without the other."""
    slugs = request.args.get("value"), request.args.get("focus_area")
    if slugs == (None, None):
        return None
    value = next((one for one in catalogue().values.values() if one.slug == slugs[0]), None)
    area = next((one for one in catalogue().focus_areas.values() if one.slug == slugs[1]), None)
    return (value, area) if value and area else abort(404)


def _visible(challenge_id: int) -> Challenge:
    return visible_challenge(challenge_id, viewer()) or abort(404)


def _shell() -> dict[str, Any]:
    """Whether the viewer may make challenges."""
    return {"may_make": glance().is_a(Role.LEAD, Role.COORDINATOR)}
