"""Leave a challenge that one has taken on; taking it on is a plan like any other (blueprint activities)."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.undertakings import blueprint
from app.extensions import db
from app.services.activities.locking import ClosedError
from app.services.activities.visibility import whole_activity
from app.services.challenges.undertake import leave
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/activities/<int:activity_id>/undertaking/withdrawal")
@signed_in
@braked(1, limited_too=True)
def withdraw(activity_id: int) -> Response:
    activity = whole_activity(activity_id)
    if activity is None or activity.owner_id != viewer().id:
        abort(404)
    try:
        leave(activity, by=viewer(), now=clock.now())
    except ClosedError:
        db.session.rollback()
        flash(_("It has been reported or taken away in the meantime."), "error")
        return go_to("activities.show", activity_id=activity_id)
    db.session.commit()
    flash(_("You have left the challenge. Your plan is still there."))
    return go_to("activities.show", activity_id=activity_id)
