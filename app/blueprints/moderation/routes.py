"""What anybody may do: ask the coordinators to look at something."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.moderation import blueprint
from app.blueprints.moderation.forms import ReportForm
from app.extensions import db
from app.models.contribution import Contributed
from app.models.publication import is_set_aside
from app.services.moderation.acts import AlreadyDecidedError
from app.services.moderation.flags import flag, has_flagged
from app.services.moderation.moderated_kinds import find_visible
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to, go_to_path, render
from app.web.identity import viewer


@blueprint.get("/moderation/report/<int:contribution_id>")
@signed_in
def report(contribution_id: int) -> Response:
    return _report_page(_flaggable(contribution_id), ReportForm(formdata=None))


@blueprint.post("/moderation/report/<int:contribution_id>")
@signed_in
@braked(4, form=True)
def send_report(contribution_id: int) -> Response:
    form = ReportForm()
    if is_set_aside(contribution_id) and _is_known(contribution_id, form):
        return _say_that_it_rests(contribution_id)
    thing = _flaggable(contribution_id)
    if not form.validate():
        return _report_page(thing, form, 422)
    try:
        flag(thing, viewer(), form.reason.data, form.text.data, clock.now())
    except AlreadyDecidedError:
        db.session.rollback()
        if is_set_aside(contribution_id):
            return _say_that_it_rests(contribution_id)
        flash(_("Thank you. Somebody has looked at it already, and it is hidden now."))
        flash(f"report-{contribution_id}", "draft-done")
        return go_to("feed.index")
    db.session.commit()
    if is_set_aside(contribution_id):
        return _say_that_it_rests(contribution_id)
    flash(_("Thank you. A coordinator will look at it, and you will be told."))
    flash(f"report-{contribution_id}", "draft-done")
    return go_to_path(thing.path)


def _is_known(contribution_id: int, form: ReportForm) -> bool:
    """Whether the viewer saw it before it rested. To others the answer must not tell that there is anything."""
    return form.was_opened_about(contribution_id) or has_flagged(viewer(), contribution_id)


def _say_that_it_rests(contribution_id: int) -> Response:
    """Others have flagged it too, so that its page is gone. What they wrote about stays unnamed."""
    flash(_("Thank you. Others have reported it too: it rests until a coordinator has looked."))
    flash(f"report-{contribution_id}", "draft-done")
    return go_to("feed.index")


def _flaggable(contribution_id: int) -> Contributed:
    """Something that the viewer sees and has not made; not what is hidden, since that has been decided already."""
    thing: Contributed | None = find_visible(contribution_id, viewer())
    if thing is None or thing.removal or thing.is_owned_by(viewer()):
        abort(404)
    return thing


def _report_page(thing: Contributed, form: ReportForm, status: int = 200) -> Response:
    form.seal(thing.id)
    context = {"thing": thing, "form": form, "draft": f"report-{thing.id}"}
    return render("moderation/report.html", "moderation/_report_form.html", status, **context)
