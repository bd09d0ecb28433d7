"""The viewer's own activity, as a form about it finds it. That it has closed is told to those who make it, and to
nobody else."""

from typing import TypeVar

from flask import abort
from flask_babel import gettext as _

from app.extensions import db
from app.models.activity import Activity
from app.services.activities.shown import ShownActivity, whole_shown_activity
from app.services.activities.visibility import whole_activity
from app.web.identity import viewer
from app.web.written import ClosedMeanwhileError

_Own = TypeVar("_Own", Activity, ShownActivity)


def own_or_404(activity_id: int) -> Activity:
    """The activity, if the viewer may report it."""
    return _own_or_404(whole_activity(activity_id))


def changeable_or_404(activity_id: int) -> Activity:
    """The activity, if the viewer may change the plan."""
    return _unreported(own_or_404(activity_id))


def shown_changeable_or_404(activity_id: int) -> ShownActivity:
    """The same for the form, which only shows it."""
    return _unreported(_own_or_404(whole_shown_activity(activity_id)))


def _own_or_404(activity: _Own | None) -> _Own:
    if activity is None or not activity.is_owned_by(viewer()):
        abort(404)
    if not activity.is_workable:
        raise _closed(activity, _("The activity has been hidden or taken back in the meantime."))
    return activity


def _unreported(activity: _Own) -> _Own:
    if activity.outcome:
        raise _closed(activity, _("The activity has been reported in the meantime."))
    return activity


def closed_meanwhile(activity: Activity) -> ClosedMeanwhileError:
    """Somebody was quicker, between our look and our change."""
    error = _closed(activity, _("It has been reported or taken away in the meantime."))
    db.session.rollback()
    return error


def _closed(activity: Activity | ShownActivity, words: str) -> ClosedMeanwhileError:
    drafts = (plan_draft(activity.id), report_draft(activity.id))
    return ClosedMeanwhileError(words, activity.path, drafts)


def plan_draft(activity_id: int) -> str:
    """Under which a device keeps what is changed in the plan."""
    return f"plan-{activity_id}"


def report_draft(activity_id: int) -> str:
    """Under which a device keeps what is reported."""
    return f"outcome-{activity_id}"
