"""Pin an activity on top of the feed until a day, and end that before."""

from flask import abort
from werkzeug.wrappers import Response

from app.blueprints.activities import blueprint
from app.blueprints.activities.page import page_of
from app.models.activity import Activity
from app.models.person import Role
from app.services.activities.visibility import visible_activity
from app.web import pinning
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/activities/<int:activity_id>/pin")
@role(Role.COORDINATOR, Role.LEAD)
@braked(4, form=True)
def pin_up(activity_id: int) -> Response:
    form = pinning.PinForm()
    if not pinning.pin_up(_visible(activity_id), form):
        return page_of(_visible(activity_id), 422, pin_form=form)
    return go_to("activities.show", activity_id=activity_id)


@blueprint.post("/activities/<int:activity_id>/pin/withdrawal")
@role(Role.COORDINATOR, Role.LEAD)
@braked(1)
def pin_down(activity_id: int) -> Response:
    pinning.pin_down(_visible(activity_id))
    return go_to("activities.show", activity_id=activity_id)


def _visible(activity_id: int) -> Activity:
    activity = visible_activity(activity_id, viewer())
    if activity is None or not activity.is_visible:
        abort(404)
    return activity
