"""The leaderboard: municipalities by points for each person, in a stage and in total."""

from typing import Any

from flask import abort, render_template, request

from app.blueprints.leaderboard import blueprint
from app.models.stage import Stage
from app.services.points.standings import people_who_want_to_be_seen, rises, standings
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.identity import viewer

#: How many stages one can choose beside the total.
_LATEST_STAGES = 2


@blueprint.get("/leaderboard")
@signed_in
def index() -> str:
    """`?stage=` a number, or `all`; without it the current stage."""
    stage = _stage()
    stage_id = stage.id if stage else None
    rows = standings(stage_id)
    before = catalogue().stage_before(stage) if stage else None
    return render_template(
        "leaderboard/index.html",
        rows=rows,
        top=rows[0].score if rows else 0,
        leading=[row for row in rows if row.leads],
        chasing=_chasing(rows),
        stage=stage,
        over=stage is not None and stage.end_on <= catalogue().today(),
        before=before,
        rises=rises(rows, standings(before.id)) if before else {},
        offered=_stages_to_choose(stage),
        people=people_who_want_to_be_seen(stage_id),
        mine=viewer().municipality_id,
    )


def _stage() -> Stage | None:
    """The stage of the address; None for the total; 404 for a stage that does not exist."""
    number = request.args.get("stage")
    if number == "all":
        return None
    if number is None:
        return catalogue().current_stage(catalogue().today())
    return next((stage for stage in catalogue().stages if str(stage.number) == number), None) or abort(404)


def _stages_to_choose(chosen: Stage | None) -> list[Stage]:
    """The latest stages that have begun, and the chosen one."""
    today = catalogue().today()
    latest = [stage for stage in catalogue().stages if stage.measure_on <= today][-_LATEST_STAGES:]
    return [stage for stage in catalogue().stages if stage in latest or stage is chosen]


def _chasing(rows: list[Any]) -> list[Any]:
    """Those right behind a sole leader."""
    behind = [row for row in rows if row.points and row.rank and row.rank > 1]
    return [row for row in behind if row.rank == behind[0].rank] if behind else []
