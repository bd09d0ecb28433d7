"""Ideas: what is offered while a plan is made, where one has spread, and asking who plans the same to join forces."""

from datetime import date

from flask import abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.challenge_plan import asked_challenge
from app.blueprints.activities.idea_fields import alike_for, ideas_for
from app.blueprints.activities.own import changeable_or_404
from app.blueprints.activities.page import closed_response
from app.blueprints.activities.plan_messages import lateness
from app.extensions import db
from app.models.activity import Activity
from app.services.activities.adoption import borrowable, is_borrowable
from app.services.activities.alike import (
    AskedAlreadyError,
    ask_to_join_forces,
    plan_alike,
    plans_of_the_idea,
)
from app.services.activities.locking import ClosedError
from app.services.activities.plan import MOST_ASKED, TooManyAskedError
from app.services.activities.spread import (
    changes,
    chief_lesson,
    reach_of,
    root_of,
    spread_page,
    visible_root,
)
from app.services.activities.visibility import visible_activity
from app.web.access import signed_in
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to, wants_fragment
from app.web.identity import viewer
from app.web.paging import row_number, two_numbers


@blueprint.get("/activities/ideas")
@signed_in
def ideas() -> Response:
    """A part of the plan form: what is offered for the chosen focus area and value, and what the plan is tied to.
    `idea` was chosen just now, `borrowed_from` earlier; `look=own` unties it."""
    if not wants_fragment():
        return _to_the_form()
    chosen = request.args.get("idea", request.args.get("borrowed_from"))
    origin = None if request.args.get("look") == "own" else borrowable(row_number(chosen), viewer())
    context = ideas_for(request.args, origin)
    return make_response(render_template("activities/_ideas.html", swapped=True, **context))


@blueprint.get("/activities/alike")
@signed_in
def alike() -> Response:
    """A part of the plan form: who plans the same in those days, and whether the day comes after the last one of the
    challenge that is taken on."""
    if not wants_fragment():
        return _to_the_form()
    try:
        day = date.fromisoformat(request.args.get("planned_for", ""))
    except ValueError:
        day = None
    origin = borrowable(row_number(request.args.get("borrowed_from")), viewer())
    context = alike_for(request.args, day, origin) | {"asked": request.args.getlist("alike")}
    challenge = asked_challenge()
    late = lateness(challenge.closes_on if challenge else None, day)
    return make_response(render_template("activities/_alike_choices.html", late=late, **context))


@blueprint.get("/activities/<int:activity_id>/spread")
@signed_in
def spread(activity_id: int) -> Response:
    """Of the whole chain, whichever of its activities is named. `after`: branch and activity of the last one seen."""
    activity = visible_activity(activity_id, viewer())
    if activity is None:
        abort(404)
    root_id, last = root_of(activity.id), two_numbers(request.args.get("after"))
    page = spread_page(root_id, last)
    root = activity if root_id == activity.id and activity.is_visible else visible_root(root_id)
    example = root if root and is_borrowable(root, viewer()) else activity
    may_borrow = is_borrowable(example, viewer())
    return make_response(
        render_template(
            "activities/spread.html",
            activity=activity,
            root=root,
            example=example if may_borrow else None,
            plans_alike=_planned_by_others(example, root_id) if may_borrow else [],
            first_page=last is None,
            steps=page.items,
            after=f"{page.last.branch_id}-{page.last.activity.id}" if page.last else "",
            reach=reach_of(root_id),
            today=catalogue().today(),
            changes=changes,
            chief_lesson=chief_lesson,
        )
    )


@blueprint.post("/activities/<int:activity_id>/joining")
@signed_in
@braked(4)
def join_forces(activity_id: int) -> Response:
    """`other`: the plan whose owner is asked."""
    activity = changeable_or_404(activity_id)
    other = plan_alike(activity, row_number(request.form.get("other")), catalogue().today())
    if other is None:
        abort(404)
    try:
        ask_to_join_forces(activity, other, by=viewer(), now=clock.now())
    except AskedAlreadyError:
        db.session.rollback()
        flash(_("That has been asked already. There is one question between two plans."))
        return go_to("activities.show", activity_id=activity_id)
    except TooManyAskedError:
        db.session.rollback()
        flash(_("At most %(num)d can be asked to one activity.", num=MOST_ASKED), "error")
        return go_to("activities.show", activity_id=activity_id)
    except ClosedError:
        return closed_response(activity_id)
    name = other.owner.name
    db.session.commit()
    flash(_("%(name)s has been asked.", name=name))
    return go_to("activities.show", activity_id=activity_id)


def _planned_by_others(example: Activity, root_id: int) -> list[Activity]:
    """Who plans what the viewer may borrow here."""
    return plans_of_the_idea(viewer(), example.focus_area_id, root_id, catalogue().today())


def _to_the_form() -> Response:
    chosen = {key: request.args[key] for key in ("value", "focus_area") if key in request.args}
    return go_to("activities.new", **chosen)
