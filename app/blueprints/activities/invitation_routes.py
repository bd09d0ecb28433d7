"""Invite colleagues to do it together, and answer invitations."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.invitation_form import InvitationForm
from app.blueprints.activities.own import changeable_or_404
from app.blueprints.activities.page import together_of
from app.extensions import db
from app.services.activities.locking import ClosedError
from app.services.activities.plan import MOST_ASKED, TooManyAskedError, answer_invitation, invite
from app.services.activities.visibility import invitation_to
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to, wants_fragment
from app.web.identity import viewer


@blueprint.post("/activities/<int:activity_id>/invitations")
@signed_in
@braked(4, form=True)
def ask(activity_id: int) -> Response:
    activity, form = changeable_or_404(activity_id), InvitationForm()
    if not form.validate():
        return together_of(activity, form, 422)
    try:
        co_owner = invite(activity, form.person, by=viewer(), now=clock.now())
    except ClosedError:
        form.q.errors = [_("They are taking part already, or it is too late to ask.")]
        return together_of(activity, form, 422)
    except TooManyAskedError:
        form.q.errors = [_("At most %(num)d can be asked to one activity.", num=MOST_ASKED)]
        return together_of(activity, form, 422)
    name = co_owner.person.name
    db.session.commit()
    if wants_fragment():
        return together_of(changeable_or_404(activity_id), InvitationForm(formdata=None))
    flash(_("%(name)s has been asked.", name=name))
    return go_to("activities.show", activity_id=activity_id)


@blueprint.post("/invitations/<int:co_owner_id>/acceptance")
@signed_in
@braked(1)
def accept(co_owner_id: int) -> Response:
    return _answer(co_owner_id, accept=True)


@blueprint.post("/invitations/<int:co_owner_id>/refusal")
@signed_in
@braked(1, limited_too=True)
def refuse(co_owner_id: int) -> Response:
    return _answer(co_owner_id, accept=False)


def _answer(co_owner_id: int, accept: bool) -> Response:
    co_owner = invitation_to(viewer(), co_owner_id)
    if co_owner is None:
        abort(404)
    activity_id = co_owner.activity_id
    try:
        answer_invitation(co_owner, accept, now=clock.now())
    except ClosedError:
        db.session.rollback()
        flash(_("It has been reported or taken away in the meantime."), "error")
        return go_to("activities.mine")
    db.session.commit()
    flash(_("You are in.") if accept else _("You have declined. Thank you for answering."))
    return go_to("activities.show", activity_id=activity_id)
