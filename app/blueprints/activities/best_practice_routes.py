"""Förebild: lift an activity as a best practice, and undo it."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.best_practice_form import BestPracticeForm
from app.blueprints.activities.page import closed_response, page_of
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Role
from app.services.activities.best_practice import NotTheirsToLiftError, lift, lower
from app.services.activities.locking import ClosedError
from app.services.activities.visibility import visible_activity
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/activities/<int:activity_id>/best-practice")
@role(Role.COORDINATOR, Role.LEAD)
@braked(4, form=True)
def lift_up(activity_id: int) -> Response:
    activity, form = _liftable(activity_id), BestPracticeForm()
    if not form.validate():
        return page_of(activity, 422, best_practice_form=form)
    try:
        is_new = lift(activity, form.sentence.data, by=viewer(), now=clock.now())
    except NotTheirsToLiftError:
        abort(403)
    except ClosedError:
        return closed_response(activity_id)
    db.session.commit()
    if is_new:
        flash(_("Now it is a best practice, and those who did it are told."))
    else:
        flash(_("Somebody has lifted it in the meantime. Their sentence stands."), "error")
    return go_to("activities.show", activity_id=activity_id)


@blueprint.post("/activities/<int:activity_id>/best-practice/withdrawal")
@role(Role.COORDINATOR, Role.LEAD)
@braked(1)
def lift_down(activity_id: int) -> Response:
    try:
        lower(_visible(activity_id), by=viewer(), now=clock.now())
    except NotTheirsToLiftError:
        abort(403)
    db.session.commit()
    flash(_("It is no longer a best practice."))
    return go_to("activities.show", activity_id=activity_id)


def _liftable(activity_id: int) -> Activity:
    """Something carried out that everybody sees."""
    activity = _visible(activity_id)
    if not activity.outcome or not activity.outcome.carried_out:
        abort(404)
    return activity


def _visible(activity_id: int) -> Activity:
    activity = visible_activity(activity_id, viewer())
    if activity is None or not activity.is_visible:
        abort(404)
    return activity
