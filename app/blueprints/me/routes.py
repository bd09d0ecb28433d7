"""The person's own page: points and what each was for, the next plans, and links to everything else."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.me import blueprint
from app.models.person import Person
from app.services.activities.lists import unreported
from app.services.badges.shelf import shelf_of
from app.services.points.history import point_history, point_sums
from app.services.stages.decisions import decisions_for
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import render, wants_fragment
from app.web.identity import glance, whole_viewer
from app.web.paging import last_number

_NEXT = 3
_LATEST = 5
_BADGES = 4


@blueprint.get("/me")
@signed_in
def index() -> Response:
    person, today = whole_viewer(), catalogue().today(clock.now())
    stage, sums = catalogue().current_stage(today), point_sums(person.id)
    return render(
        "me/index.html",
        "me/index.html",
        person=person,
        total=sum(sums.values()),
        stage=stage,
        in_stage=sums.get(stage.id, 0) if stage else 0,
        upcoming=unreported(person, size=_NEXT).items,
        today=today,
        lines=point_history(person.id, size=_LATEST).items,
        counts=_waiting_for(person),
        badges=shelf_of(person).row(_BADGES),
    )


def _waiting_for(person: Person) -> dict[str, int]:
    """How much waits for the person's decision, by the page where it does."""
    decisions = decisions_for(person)
    pages = ("moderation.index", "undertakings.reviews", "questions.queue")
    return dict(zip(pages, decisions, strict=True)) if decisions else {}


@blueprint.get("/me/points")
@signed_in
def points() -> Response:
    """All entries of the viewer's own ledger, newest first."""
    lines = point_history(glance().id, last_number(request.args.get("before")))
    context: dict[str, Any] = {
        "lines": lines.items,
        "more_url": f"/me/points?before={lines.last.id}" if lines.last else None,
    }
    if not wants_fragment():
        context["total"] = sum(point_sums(glance().id).values())
    return render("me/points.html", "me/_points_page.html", **context)
