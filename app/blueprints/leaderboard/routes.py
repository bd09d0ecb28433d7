"""The leaderboard: municipalities by points for each participant, in a stage and in total."""

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.leaderboard import blueprint
from app.blueprints.leaderboard.board_page import board_page, municipality_page
from app.models.follow import FollowKind
from app.models.stage import Stage
from app.services.feed.following import is_followed
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import render
from app.web.identity import glance


@blueprint.get("/leaderboard")
@signed_in
def index() -> str:
    """`?stage=` a number, or `all`; without it the current stage."""
    return render_template(
        "leaderboard/index.html", **board_page(_stage(), glance().municipality_id, clock.now())
    )


@blueprint.get("/leaderboard/<slug>")
@signed_in
def municipality(slug: str) -> Response:
    """One row, opened: what made it."""
    context = municipality_page(slug, _stage(), glance().municipality_id, clock.now()) or abort(404)
    is_theirs = is_followed(FollowKind.MUNICIPALITY, context["row"].municipality_id, glance().id)
    return render("leaderboard/municipality.html", "leaderboard/_why.html", following=is_theirs, **context)


def _stage() -> Stage | None:
    """The stage of the address; None for the total; 404 for a stage that does not exist."""
    number = request.args.get("stage")
    if number == "all":
        return None
    if number is None:
        return catalogue().current_stage(catalogue().today(clock.now()))
    return next((stage for stage in catalogue().stages if str(stage.number) == number), None) or abort(404)
