"""Read an activity, and the list of one's own."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.activities import blueprint
from app.blueprints.activities.page import page_of
from app.models.activity import Activity
from app.models.double import kept_instead_of
from app.services.activities.lists import SOMEDAY, OwnActivity, open_invitations, reported, unreported
from app.services.activities.shown import shown_activity
from app.services.activities.who_comes import comes_along_to
from app.services.challenges.standing import standings_of
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import render
from app.web.identity import viewer
from app.web.paging import Cursor


@blueprint.get("/activities/<int:activity_id>")
@signed_in
def show(activity_id: int) -> Response:
    activity = shown_activity(activity_id, viewer())
    if (activity is None or activity.removal) and (kept_id := kept_instead_of(activity_id)):
        return redirect(url_for("activities.show", activity_id=kept_id), 302)
    if activity is None:
        abort(404)
    return page_of(activity)


@blueprint.get("/activities/mine")
@signed_in
def mine() -> Response:
    """All lists from the beginning, or more of one of them, after the cursor in the parameter of its name."""
    cursors = {name: Cursor.parse(request.args.get(name)) for name in ("unreported", "along", "reported")}
    begins = not any(cursors.values())
    lists: dict[str, Any] = {}
    if begins or cursors["unreported"]:
        lists["unreported"], lists["more_unreported"] = _unreported(cursors["unreported"])
    if begins or cursors["along"]:
        lists["along"], lists["more_along"] = _along(cursors["along"])
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


def _unreported(after: Cursor | None) -> tuple[list[OwnActivity], str]:
    page = unreported(viewer(), _day_and_id(after))
    return page.items, _cursor_after(page.last)


def _along(after: Cursor | None) -> tuple[list[Any], str]:
    """What others make, each with whether there is a place for the viewer."""
    page = comes_along_to(viewer(), catalogue().today(), _day_and_id(after))
    return page.items, _cursor_after(page.last.Activity if page.last else None)


def _day_and_id(after: Cursor | None) -> tuple[date, int] | None:
    """The cursor holds a moment, so it has the date's midnight."""
    return (after.at.date(), after.id) if after else None


def _cursor_after(last: Activity | OwnActivity | None) -> str:
    if last is None:
        return ""
    return str(Cursor(datetime.combine(last.planned_for or SOMEDAY, time(), UTC), last.id))


def _reported(after: Cursor | None) -> tuple[list[OwnActivity], str]:
    page = reported(viewer(), after)
    last = page.last
    return page.items, str(Cursor(last.reported_at, last.id)) if last and last.reported_at else ""
