"""To come along to an activity, and who does."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.coming_page import coming_on_page
from app.blueprints.activities.page import closed_response
from app.extensions import db
from app.models.activity import Activity
from app.services.activities.coming import cannot_come, come_along
from app.services.activities.locking import ClosedError
from app.services.activities.visibility import visible_activity, whole_activity
from app.services.activities.who_comes import those_who_come
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to_path, render, wants_fragment
from app.web.identity import viewer
from app.web.paging import last_number


@blueprint.get("/activities/<int:activity_id>/coming")
@signed_in
def who_come(activity_id: int) -> Response:
    """All of them, page by page; `after` is the place of the last one seen."""
    activity = visible_activity(activity_id, viewer()) or abort(404)
    page = those_who_come(activity.id, last_number(request.args.get("after")))
    more = url_for("activities.who_come", activity_id=activity.id, after=page.last.id) if page.last else ""
    return render(
        "activities/coming.html",
        "activities/_coming_rows.html",
        activity=activity,
        people=page.items,
        more=more,
    )


@blueprint.post("/activities/<int:activity_id>/coming")
@signed_in
@braked(1)
def come(activity_id: int) -> Response:
    return _say(activity_id, come_along)


@blueprint.post("/activities/<int:activity_id>/coming/withdrawal")
@signed_in
@braked(1, limited_too=True)
def not_come(activity_id: int) -> Response:
    return _say(activity_id, cannot_come)


def _say(activity_id: int, say: Callable[..., None]) -> Response:
    activity = visible_activity(activity_id, viewer())
    if activity is None:
        return _gone(activity_id)
    try:
        say(activity, viewer(), now=clock.now())
    except ClosedError:
        return closed_response(activity_id)
    db.session.commit()
    if wants_fragment():
        return _card(whole_activity(activity_id) or abort(404))
    return redirect(url_for("activities.show", activity_id=activity_id, _anchor="coming"), 303)


def _gone(activity_id: int) -> Response:
    """It was hidden or called off while the page was open."""
    db.session.get(Activity, activity_id) or abort(404)
    flash(_("It is no longer here to see."), "error")
    return go_to_path("/")


def _card(activity: Activity) -> Response:
    context = {"activity": activity, **coming_on_page(activity, viewer())}
    return render("activities/show.html", "activities/_coming.html", **context)
