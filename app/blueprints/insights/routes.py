"""The analysis of a stage, for coordinators, leads and the steering group."""

from flask import abort, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.blueprints.insights import blueprint
from app.blueprints.insights.document import document
from app.blueprints.insights.story import headline, kpis, shades
from app.models.person import Role
from app.models.stage import Stage
from app.services.insights.figures import stage_figures
from app.services.stages.timeline import last_day
from app.services.survey.comparison import balance_beside, indices_beside
from app.services.survey.publication import published
from app.web.access import role
from app.web.catalogue import catalogue

_readers = role(Role.STEERING, Role.LEAD, Role.COORDINATOR)


@blueprint.get("/insights")
@_readers
def index() -> Response | str:
    """Redirect to the current stage; before there is one, a page that says what will be here."""
    stage = Stage.current(catalogue().today())
    if stage is None:
        return render_template("insights/empty.html")
    return redirect(url_for("insights.show", number=stage.number))


@blueprint.get("/insights/stages/<int:number>")
@_readers
def show(number: int) -> str:
    """The figures of a stage beside those of the stage before."""
    stage = _stage(number)
    today = catalogue().today()
    figures = stage_figures(stage, today)
    before = catalogue().stage_before(stage)
    earlier = stage_figures(before, today) if before else None
    released, released_before = published("insights.show", stage), published("insights.show", before)
    return render_template(
        "insights/stage.html",
        figures=figures,
        before=earlier,
        stages=catalogue().stages,
        last_day=last_day(stage),
        headline=headline(figures, earlier),
        kpis=kpis(figures, earlier),
        shades=shades(figures),
        phase=stage.phase(today),
        released=released,
        released_before=released_before,
        indices=indices_beside(released, released_before) if released else {},
        balance=balance_beside(released, released_before) if released else {},
    )


@blueprint.get("/insights/stages/<int:number>.json")
@_readers
def show_json(number: int) -> Response:
    """The same figures for other tools."""
    stage = _stage(number)
    released = published("insights.show_json", stage)
    return jsonify(document(stage_figures(stage, catalogue().today()), catalogue(), released))


def _stage(number: int) -> Stage:
    """May be some seconds old; one that has come since is read anew."""
    kept = next((stage for stage in catalogue().stages if stage.number == number), None)
    return kept or Stage.numbered(number) or abort(404)
