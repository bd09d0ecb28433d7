"""Plan, edit, move and withdraw an activity."""

from typing import Any

from flask import abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.challenge_plan import (
    asked_challenge,
    offered_challenge,
    plan_it,
    shown_with,
)
from app.blueprints.activities.forms import (
    DateForm,
    EditPlanForm,
    NewPlanForm,
    PlanForm,
    answers_of,
)
from app.blueprints.activities.idea_fields import beginnings_of
from app.blueprints.activities.own import (
    changeable_or_404,
    closed_meanwhile,
    plan_draft,
    shown_changeable_or_404,
)
from app.blueprints.activities.page import closed_response, page_of
from app.blueprints.activities.peers import peers_of
from app.blueprints.activities.plan_messages import (
    lateness,
    lateness_of,
    obstacle_to,
    planned_message,
    troubles_of,
)
from app.blueprints.activities.prefill import prefill
from app.extensions import db
from app.models.activity import Activity
from app.models.challenge import Challenge
from app.models.concreteness import QUESTIONS
from app.models.repeated import RepeatedError, demand_new_plan
from app.models.stage import Stage
from app.services.activities.beside_answers import beside_answers
from app.services.activities.locking import ClosedError, OvertakenError
from app.services.activities.plan import change_plan, move_activity, withdraw_activity
from app.services.activities.shown import ShownActivity
from app.services.activities.visibility import whole_activity
from app.services.challenges.offer import ChallengeOffer
from app.services.challenges.standing import standing_of
from app.services.challenges.undertake import ClosedChallengeError
from app.services.people.colleagues import search
from app.web.access import signed_in
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to
from app.web.identity import viewer
from app.web.seen import seen_of

#: Query parameters that fill in the form.
_PREFILLS = ("title", "value", "focus_area", "like", "challenge", "heed")


@blueprint.get("/activities/new")
@signed_in
def new() -> Response:
    challenge = offered_challenge()
    if challenge and challenge.taken_on_by_id:
        flash(_("You have taken it on already: here it is."))
        return go_to("activities.show", activity_id=challenge.taken_on_by_id)
    return _new_page(NewPlanForm(formdata=None, data=prefill(challenge)), challenge)


@blueprint.post("/activities/new")
@signed_in
@braked(4, form=True)
def create() -> Response:
    form, stage = NewPlanForm(), Stage.for_plans(catalogue().today())
    challenge = asked_challenge()
    if _only_looks():
        return _new_page(form, challenge)
    if not form.validate() or stage is None:
        return _new_page(form, challenge, 422, ended=stage is None)
    try:
        demand_new_plan(viewer().id, form.retry_key, clock.now(), form.plan().answers)
        activity = plan_it(form, challenge, stage, clock.now())
    except RepeatedError:
        form.title.errors = [_("You have just written that. It is kept, so you need not send it again.")]
        return _new_page(form, challenge, 422)
    except ClosedChallengeError:
        db.session.rollback()
        return _new_page(form, asked_challenge(), 422)
    activity_id, obstacle = activity.id, obstacle_to(activity, form.retry_key)
    messages = [planned_message(activity), lateness_of(activity)]
    db.session.commit()
    if obstacle:  # what was written stays in the browser as a draft
        flash(obstacle, "error")
        return go_to("activities.show", activity_id=activity_id)
    _say(*messages)
    for trouble in troubles_of(form.meant):
        flash(trouble, "error")
    flash(_draft_key(), "draft-done")
    return go_to("activities.show", activity_id=activity_id)


@blueprint.get("/activities/<int:activity_id>/edit")
@signed_in
def edit(activity_id: int) -> Response:
    activity = shown_changeable_or_404(activity_id)
    beside = beside_answers(activity_id)
    form = EditPlanForm(formdata=None, data=answers_of(activity, beside.heeded))
    return _edit_page(activity, form, tied=beside.takes_on_challenge)


@blueprint.post("/activities/<int:activity_id>/edit")
@signed_in
@braked(2, form=True)
def change(activity_id: int) -> Response:
    activity, form = changeable_or_404(activity_id), EditPlanForm()
    if _only_looks():
        return _edit_page(activity, form)
    if not form.validate():
        return _edit_page(activity, form, 422)
    try:
        change_plan(activity, form.plan(), by=viewer(), now=clock.now(), based_on=form.seen_at)
    except ClosedError:
        raise closed_meanwhile(activity) from None
    except OvertakenError:
        form.seen.data = seen_of(activity)
        return _edit_page(activity, form, 422, overtaken=True)
    message = _("Changed. Concrete: %(n)s of %(of)s.", n=activity.concreteness, of=len(QUESTIONS))
    late = lateness_of(activity)
    db.session.commit()
    _say(message, late)
    flash(plan_draft(activity_id), "draft-done")
    return go_to("activities.show", activity_id=activity_id)


@blueprint.post("/activities/<int:activity_id>/date")
@signed_in
@braked(2, form=True)
def move(activity_id: int) -> Response:
    activity, form = changeable_or_404(activity_id), DateForm()
    if not form.validate():
        return page_of(activity, 422, date_form=form)
    try:
        move_activity(activity, form.planned_for.data, form.starts_at.data, by=viewer(), now=clock.now())
    except ClosedError:
        return closed_response(activity_id)
    late = lateness_of(activity)
    db.session.commit()
    _say(_("Moved. Thank you for saying so."), late)
    return go_to("activities.show", activity_id=activity_id)


@blueprint.post("/activities/<int:activity_id>/withdrawal")
@signed_in
@braked(2, limited_too=True)
def withdraw(activity_id: int) -> Response:
    activity = whole_activity(activity_id)
    if activity is None or activity.owner_id != viewer().id:
        abort(404)
    try:
        withdraw_activity(activity, by=viewer(), now=clock.now())
    except ClosedError:
        raise closed_meanwhile(activity) from None
    db.session.commit()
    flash(_("Withdrawn. It is out of the feed."))
    return go_to("activities.mine")


def _say(*messages: str) -> None:
    """Those that say something, in one."""
    flash(" ".join(filter(None, messages)))


def _only_looks() -> bool:
    """Whether the form was sent by a button that shows something in it, for browsers without scripts: what others
    learned (`peers`, `more_peers`), which colleagues are called like that (`colleagues`), or the plan without its tie
    (`own`)."""
    return request.form.get("look") in ("peers", "more_peers", "colleagues", "own")


def _new_page(
    form: NewPlanForm, challenge: Challenge | ChallengeOffer | None, status: int = 200, *, ended: bool = False
) -> Response:
    """`ended`: the stage has ended while the form was open; what was written is shown again. For a challenge that has
    closed the form is shown too, and plans without it (`alone`)."""
    address = {key: request.args[key] for key in (*_PREFILLS, "alone") if key in request.args}
    about = shown_with(challenge)
    return _form_page(
        "activities/new.html",
        form,
        status,
        address=address | ({"alone": "1"} if about["closed"] else {}),
        stage=catalogue().stage_for_plans(catalogue().today()),
        search=search(form.colleagues.data, viewer()) if request.form.get("look") == "colleagues" else None,
        ended=ended,
        draft=_draft_key(),
        late=lateness(
            challenge.closes_on if about["challenge"] and challenge else None, form.planned_for.data
        ),
        **about,
    )


def _edit_page(
    activity: Activity | ShownActivity,
    form: EditPlanForm,
    status: int = 200,
    *,
    overtaken: bool = False,
    tied: bool = True,
) -> Response:
    """`overtaken`: somebody else has changed the plan meanwhile, and the page shows what it is now. Not `tied`: it
    takes on no challenge."""
    return _form_page(
        "activities/edit.html",
        form,
        status,
        activity=activity,
        draft=plan_draft(activity.id),
        overtaken=overtaken,
        kept_for=standing_of(activity.id) if tied else None,
    )


def _form_page(template: str, form: PlanForm, status: int, **context: Any) -> Response:
    everything = request.form.get("look") == "more_peers"
    context |= beginnings_of(form)
    peers = peers_of(
        form.focus_area.data, form.value.data, form.heeding, context.get("origin"), all_at_once=everything
    )
    return make_response(render_template(template, form=form, **peers, **context), status)


def _draft_key() -> str:
    """One draft for each way to begin: a draft begun as a copy of one activity must not fill the form for another."""
    return "-".join(["plan", *(f"{key}-{request.args[key]}" for key in _PREFILLS if key in request.args)])
