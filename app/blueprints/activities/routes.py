"""Read an activity, and the list of one's own."""

from datetime import UTC, datetime, time
from typing import Any

from flask import abort, request
from werkzeug.wrappers import Response

from app.blueprints.activities import blueprint
from app.blueprints.activities.page import page_of
from app.models.activity import Activity
from app.services.activities.lists import SOMEDAY, open_invitations, reported, unreported
from app.services.activities.visibility import visible_activity
from app.services.challenges.standing import standings_of
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import render
from app.web.identity import viewer
from app.web.paging import Cursor


@blueprint.get("/activities/<int:activity_id>")
@signed_in
def show(activity_id: int) -> Response:
    activity = visible_activity(activity_id, viewer())
    if activity is None:
        abort(404)
    return page_of(activity)


@blueprint.get("/activities/mine")
@signed_in
def mine() -> Response:
    """Both lists from the beginning, or more of one of them, after the cursor in `unreported` or `reported`."""
    cursors = {name: Cursor.parse(request.args.get(name)) for name in ("unreported", "reported")}
    begins = not any(cursors.values())
    lists: dict[str, Any] = {}
    if begins or cursors["unreported"]:
        lists["unreported"], lists["more_unreported"] = _unreported(cursors["unreported"])
    if begins or cursors["reported"]:
        lists["reported"], lists["more_reported"] = _reported(cursors["reported"])
    if begins:
        lists["invitations"] = open_invitations(viewer())
    listed = [*lists.get("unreported", ()), *lists.get("reported", ())]
    return render(
        "activities/mine.html",
        "activities/_mine_rest.html",
        today=catalogue().today(),
        begins=begins,
        challenges=standings_of([activity.id for activity in listed]),
        **lists,
    )


def _unreported(after: Cursor | None) -> tuple[list[Activity], str]:
    """The cursor holds a moment, so it has the date's midnight."""
    page = unreported(viewer(), (after.at.date(), after.id) if after else None)
    if page.last is None:
        return page.items, ""
    day = page.last.planned_for or SOMEDAY
    return page.items, str(Cursor(datetime.combine(day, time(), UTC), page.last.id))


def _reported(after: Cursor | None) -> tuple[list[Activity], str]:
    page = reported(viewer(), after)
    outcome = page.last.outcome if page.last else None
    return page.items, str(Cursor(outcome.at, outcome.activity_id)) if outcome else ""
