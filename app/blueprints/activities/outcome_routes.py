"""Report what came of an activity, and what it brought."""

from flask import abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.outcome_forms import OutcomeForm, as_reported
from app.blueprints.activities.outcome_page import (
    LARGEST_REPORT,
    alt_of,
    answers_in,
    form_page,
    overtaken_page,
    unanswered_page,
)
from app.blueprints.activities.own import closed_meanwhile, own_or_404, report_draft
from app.blueprints.activities.photo_routes import take_in
from app.extensions import db
from app.services.activities.locking import ClosedError, OvertakenError
from app.services.activities.photos import describe_photo
from app.services.activities.report import report_outcome, standing_report
from app.services.activities.returned import UnansweredError
from app.services.badges.shelf import badges_earned
from app.services.challenges.standing import standing_of
from app.services.points.reward import reward_of
from app.web.access import signed_in
from app.web.body_limits import takes_up_to
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer
from app.web.limited import limited_until


@blueprint.get("/activities/<int:activity_id>/outcome")
@signed_in
def outcome(activity_id: int) -> Response:
    """`?carried_out=yes` or `no` answers the first question, for links that ask it."""
    activity = own_or_404(activity_id)
    data = {"carried_out": request.args.get("carried_out")}
    data |= as_reported(standing_report(activity) if activity.outcome else None)
    return form_page(activity, OutcomeForm(formdata=None, data=data))


@blueprint.post("/activities/<int:activity_id>/outcome")
@signed_in
@takes_up_to(LARGEST_REPORT)
@braked(4, form=True)
def report(activity_id: int) -> Response:
    form, refused = OutcomeForm(), _keep_pictures(activity_id)
    activity = own_or_404(activity_id)
    if not form.validate() or refused:
        db.session.commit()
        return form_page(own_or_404(activity_id), form, refused, 422)
    try:
        report_outcome(
            activity,
            form.report(),
            answers_in(request.form),
            answer=form.answer.data,
            by=viewer(),
            now=clock.now(),
            based_on=form.seen.data or "",
        )
    except ClosedError:
        raise closed_meanwhile(activity) from None
    except OvertakenError:
        return overtaken_page(own_or_404(activity_id), form)
    except UnansweredError:
        db.session.rollback()
        return unanswered_page(own_or_404(activity_id), form)
    db.session.commit()
    flash(report_draft(activity_id), "draft-done")
    if not form.seen.data:  # the first report, or the same one sent again because its answer was lost
        return go_to("activities.thanks", activity_id=activity_id)
    flash(_("Your report is changed."))
    return go_to("activities.show", activity_id=activity_id)


def _keep_pictures(activity_id: int) -> list[str]:
    """Pictures and their descriptions are stored first, even if the rest has errors and must be sent again; not while
    somebody is limited, since others would see them. A sentence for each that was refused."""
    activity = own_or_404(activity_id)
    if limited_until():
        return []
    refused = take_in(activity, request.files.getlist("photos")).refused
    for photo in own_or_404(activity_id).photos:
        describe_photo(photo, alt_of(photo))
    return refused


@blueprint.get("/activities/<int:activity_id>/outcome/thanks")
@signed_in
def thanks(activity_id: int) -> Response:
    activity = own_or_404(activity_id)
    if activity.outcome is None:
        abort(404)
    return make_response(
        render_template(
            "activities/outcome_thanks.html",
            activity=activity,
            reward=reward_of(activity, viewer(), clock.now()),
            badges=badges_earned(viewer(), activity.outcome.at),
            challenge=standing_of(activity_id),
        )
    )
