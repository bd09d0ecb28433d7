"""Put right what an activity is for, and make doubles one."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.care_page import (
    CorrectionForm,
    DoubleForm,
    care_page,
    cared_for,
    decidable,
    obstacle_in_words,
)
from app.blueprints.activities.page import closed_response
from app.extensions import db
from app.models.person import Role
from app.services.activities.correct import BoundToChallengeError, correct
from app.services.activities.locking import ClosedError, OvertakenError
from app.services.moderation.doubles import NoDoubleError, merge, part
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.get("/activities/<int:activity_id>/care")
@role(Role.COORDINATOR, Role.LEAD)
def care(activity_id: int) -> Response:
    return care_page(cared_for(activity_id))


@blueprint.post("/activities/<int:activity_id>/correction")
@role(Role.COORDINATOR, Role.LEAD)
@braked(4, form=True)
def correct_square(activity_id: int) -> Response:
    activity, form = cared_for(activity_id), CorrectionForm()
    if not form.validate():
        return care_page(activity, 422, correction_form=form)
    try:
        correction = correct(activity, *form.square(), by=viewer(), now=clock.now(), seen=form.seen_at)
    except ClosedError:
        return closed_response(activity_id)
    except (BoundToChallengeError, OvertakenError):
        db.session.rollback()
        flash(_("It has been changed in the meantime. Look at it again first."), "error")
        return go_to("activities.care", activity_id=activity_id)
    db.session.commit()
    if correction:
        flash(_("Put right. What it counts for has moved with it, and those who did it are told."))
    else:
        flash(_("It stands there already."))
    return go_to("activities.show", activity_id=activity_id)


@blueprint.post("/activities/<int:activity_id>/double")
@role(Role.COORDINATOR, Role.LEAD)
@braked(4, form=True)
def make_one(activity_id: int) -> Response:
    activity, form = decidable(activity_id), DoubleForm()
    if not form.validate():
        return care_page(cared_for(activity_id), 422, double_form=form)
    kept = decidable(form.kept.data)
    if kept.id == activity.id:
        abort(400)
    try:
        merge(activity, kept, by=viewer(), now=clock.now())
    except NoDoubleError as obstacle:
        db.session.rollback()
        flash(obstacle_in_words(obstacle.why), "error")
        page = "activities.show" if obstacle.why == "away" else "activities.care"
        return go_to(page, activity_id=activity_id)
    db.session.commit()
    flash(
        _(
            "They are one now. Everything that was said and cheered stands here, and those who did it are told."
        )
    )
    return go_to("activities.show", activity_id=kept.id)


@blueprint.post("/activities/<int:activity_id>/double/withdrawal")
@role(Role.COORDINATOR, Role.LEAD)
@braked(1)
def part_again(activity_id: int) -> Response:
    part(decidable(activity_id), by=viewer(), now=clock.now())
    db.session.commit()
    flash(_("They are two again."))
    return go_to("activities.show", activity_id=activity_id)
