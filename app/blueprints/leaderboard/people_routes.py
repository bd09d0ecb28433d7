"""Du och dina grannar: people among those nearest to them, if the programme and they themselves want it."""

from flask import abort, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.leaderboard import blueprint
from app.extensions import db
from app.models.person import Person
from app.models.programme import Programme
from app.services.people.counts import participants
from app.services.points.neighbours import how_many_are_shown, neighbourhood, show, stop_showing
from app.web.access import signed_in
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to
from app.web.identity import viewer, whole_viewer


@blueprint.get("/leaderboard/people")
@signed_in
def people() -> str:
    """Who is not among them sees nobody."""
    _only_where_wanted()
    person, stage = whole_viewer(), catalogue().current_stage(catalogue().today(clock.now()))
    return render_template(
        "leaderboard/people.html",
        person=person,
        stage=stage,
        near=neighbourhood(person, stage.id) if stage and person.ranked else None,
        shown=how_many_are_shown(),
        everybody=participants(),
    )


@blueprint.post("/leaderboard/people/presence")
@signed_in
@braked(1)
def join_people() -> Response:
    show(_participant())
    db.session.commit()
    flash(_("You are in. Only those nearest to you see you."))
    return go_to("leaderboard.people")


@blueprint.post("/leaderboard/people/absence")
@signed_in
@braked(1, limited_too=True)
def leave_people() -> Response:
    stop_showing(_participant())
    db.session.commit()
    flash(_("You are out. Nobody sees your points."))
    return go_to("leaderboard.people")


def _participant() -> Person:
    """The viewer, unless of the office, which has no points to compare."""
    _only_where_wanted()
    if viewer().is_office:
        abort(403)
    return viewer()


def _only_where_wanted() -> None:
    programme = Programme.current()
    if programme is None or not programme.shows_people:
        abort(404)
