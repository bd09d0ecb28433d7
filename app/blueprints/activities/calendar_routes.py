"""A plan as a file that one's own calendar takes."""

import re
from unicodedata import normalize

from flask import Response as FlaskResponse
from flask import abort, make_response

from app import clock
from app.blueprints.activities import blueprint
from app.models.activity import Activity
from app.services.activities.visibility import visible_activity
from app.web.access import signed_in
from app.web.calendar_file import MIMETYPE, calendar_to_keep
from app.web.identity import viewer
from app.web.plan_entry import entry_of_plan


@blueprint.get("/activities/<int:activity_id>.ics")
@signed_in
def calendar_file(activity_id: int) -> FlaskResponse:
    """For whoever may see its page; what is hidden, withdrawn or has no day has no place in a calendar."""
    activity = visible_activity(activity_id, viewer())
    entry = entry_of_plan(activity) if activity and activity.is_visible else None
    if activity is None or entry is None:
        abort(404)
    response = make_response(calendar_to_keep(entry, clock.now()))
    response.content_type = MIMETYPE
    response.headers.set("Content-Disposition", "attachment", filename=_file_name(activity))
    return response


def _file_name(activity: Activity) -> str:
    """From the title, in letters that every device stores: Öppet hus! → oppet-hus.ics."""
    letters = normalize("NFKD", activity.title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", letters))[:60].strip("-")
    return f"{words or f'activity-{activity.id}'}.ics"
