"""The viewer's own activity, as a form about it finds it. That it has closed is told to those who make it, and to
nobody else."""

from flask import abort
from flask_babel import gettext as _

from app.extensions import db
from app.models.activity import Activity
from app.services.activities.visibility import whole_activity
from app.web.identity import viewer
from app.web.written import ClosedMeanwhileError


def own_or_404(activity_id: int) -> Activity:
    """The activity, if the viewer may report it."""
    activity = whole_activity(activity_id)
    if activity is None or not activity.is_owned_by(viewer()):
        abort(404)
    if not activity.is_workable:
        raise ClosedMeanwhileError(
            _("The activity has been hidden or taken back in the meantime."), activity.path
        )
    return activity


def changeable_or_404(activity_id: int) -> Activity:
    """The activity, if the viewer may change the plan."""
    activity = own_or_404(activity_id)
    if activity.outcome:
        raise ClosedMeanwhileError(_("The activity has been reported in the meantime."), activity.path)
    return activity


def closed_meanwhile(activity: Activity) -> ClosedMeanwhileError:
    """Somebody was quicker, between our look and our change."""
    path = activity.path
    db.session.rollback()
    return ClosedMeanwhileError(_("It has been reported or taken away in the meantime."), path)
