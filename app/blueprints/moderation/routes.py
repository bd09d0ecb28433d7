"""What anybody may do: ask for a look at something, and answer when one's own was hidden."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.moderation import blueprint
from app.blueprints.moderation.forms import AnswerForm, ReasonForm
from app.extensions import db
from app.models.activity import Activity
from app.models.moderation import Appeal, appeal_of
from app.services.activities.visibility import visible_activity
from app.services.moderation.decide import AlreadyDecidedError, answer_back, report_item
from app.web.access import signed_in
from app.web.htmx import go_to, render
from app.web.identity import viewer


@blueprint.get("/moderation/report/<int:activity_id>")
@signed_in
def report(activity_id: int) -> Response:
    return _report_page(_reportable(activity_id), ReasonForm(formdata=None))


@blueprint.post("/moderation/report/<int:activity_id>")
@signed_in
def send_report(activity_id: int) -> Response:
    activity, form = _reportable(activity_id), ReasonForm()
    if not form.validate():
        return _report_page(activity, form, 422)
    try:
        report_item(activity, viewer(), form.reason.data, form.text.data, clock.now())
    except AlreadyDecidedError:
        db.session.rollback()
        flash(_("Thank you. Somebody has looked at it already, and it is hidden now."))
        flash(f"report-{activity_id}", "draft-done")
        return go_to("feed.index")
    db.session.commit()
    flash(_("Thank you. A coordinator will look at it, and you will be told."))
    flash(f"report-{activity_id}", "draft-done")
    return go_to("activities.show", activity_id=activity_id)


@blueprint.get("/moderation/answer/<int:activity_id>")
@signed_in
def answer(activity_id: int) -> Response:
    activity = _own_hidden(activity_id)
    appeal = appeal_of(activity.id)
    return _answer_page(
        activity, appeal, AnswerForm(formdata=None, data={"text": appeal.text if appeal else ""})
    )


@blueprint.post("/moderation/answer/<int:activity_id>")
@signed_in
def send_answer(activity_id: int) -> Response:
    activity, form = _own_hidden(activity_id), AnswerForm()
    if not form.validate():
        return _answer_page(activity, appeal_of(activity.id), form, 422)
    try:
        answer_back(activity, viewer(), form.text.data, clock.now())
    except AlreadyDecidedError:
        db.session.rollback()
        flash(_("Already decided: somebody has looked at it once more."), "error")
        return go_to("activities.show", activity_id=activity_id)
    db.session.commit()
    flash(_("Your answer is sent. You will be told what comes of it."))
    flash(f"answer-{activity_id}", "draft-done")
    return go_to("activities.show", activity_id=activity_id)


def _reportable(activity_id: int) -> Activity:
    """What the viewer sees and has not made; what is hidden has been looked at already."""
    activity = visible_activity(activity_id, viewer())
    if activity is None or activity.removal or activity.is_owned_by(viewer()):
        abort(404)
    return activity


def _own_hidden(activity_id: int) -> Activity:
    activity = visible_activity(activity_id, viewer())
    if activity is None or activity.removal is None or not activity.is_owned_by(viewer()):
        abort(404)
    return activity


def _report_page(activity: Activity, form: ReasonForm, status: int = 200) -> Response:
    context = {"activity": activity, "form": form, "draft": f"report-{activity.id}"}
    return render("moderation/report.html", "moderation/_report_form.html", status, **context)


def _answer_page(activity: Activity, appeal: Appeal | None, form: AnswerForm, status: int = 200) -> Response:
    context = {"activity": activity, "appeal": appeal, "form": form, "draft": f"answer-{activity.id}"}
    return render("moderation/answer.html", "moderation/_answer_form.html", status, **context)
