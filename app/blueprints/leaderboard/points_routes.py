"""Så får man poäng: the policy in plain words, for everybody."""

from flask import render_template

from app import clock
from app.blueprints.leaderboard import blueprint
from app.models.programme import Programme
from app.models.stage import Stage
from app.services.points.closing import counting_stage, policy_of
from app.services.points.policy import most_from_one_giver, most_in_a_week, rules_of
from app.services.points.reasons import reason_named
from app.services.points.standings import Row, standings
from app.web.access import public
from app.web.catalogue import catalogue
from app.web.identity import glance_or_none


@blueprint.get("/points")
@public
def points() -> str:
    """Of the stage in which points count that are earned now. The example is the viewer's place, or the leader;
    none where nobody has points: nothing divided by some explains nothing."""
    now, programme = clock.now(), Programme.current()
    current = catalogue().current_stage(catalogue().today(now))
    stage = counting_stage(current, now) if current else None
    policy = policy_of(stage) if stage else catalogue().points
    return render_template(
        "leaderboard/points.html",
        stage=stage,
        rules=rules_of(policy),
        report=policy.get("report"),
        challenge=reason_named("challenge"),
        from_one_giver=most_from_one_giver(policy),
        in_a_week=most_in_a_week(policy),
        example=_example(stage),
        smallest=programme.smallest_ranked if programme else 1,
        people=bool(programme and programme.shows_people),
    )


def _example(stage: Stage | None) -> Row | None:
    rows = [row for row in standings(stage.id) if row.points] if stage else []
    own = glance_or_none()
    theirs = (row for row in rows if own and row.municipality_id == own.municipality_id)
    return next(theirs, next(iter(rows), None))
