"""Pin an activity on top of the feed until a day, and end that before."""

from flask import abort, flash
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.activities import blueprint
from app.blueprints.activities.page import page_of
from app.blueprints.activities.pin_form import PinForm
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Role
from app.models.pin import MOST_PINNED
from app.services.activities.visibility import visible_activity
from app.services.feed.pins import PinDayError, PinnedTooManyError, last_days, pin, unpin
from app.web.access import role
from app.web.brake import braked
from app.web.filters import day
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.post("/activities/<int:activity_id>/pin")
@role(Role.COORDINATOR, Role.LEAD)
@braked(4, form=True)
def pin_up(activity_id: int) -> Response:
    activity, form, now = _visible(activity_id), PinForm(), clock.now()
    if not form.validate():
        return page_of(activity, 422, pin_form=form)
    try:
        pin(activity, form.last_day.data, by=viewer(), now=now)
    except PinDayError:
        first, last = last_days(now)
        form.last_day.errors = [
            _("Choose a day from %(first)s to %(last)s.", first=day(first), last=day(last))
        ]
        return page_of(activity, 422, pin_form=form)
    except PinnedTooManyError:
        db.session.rollback()
        form.last_day.errors = [
            ngettext(
                "%(num)d is pinned already, and that is the most. Unpin it first.",
                "%(num)d are pinned already, and that is the most. Unpin one of them first.",
                MOST_PINNED,
            )
        ]
        return page_of(_visible(activity_id), 422, pin_form=form)
    db.session.commit()
    flash(_("It is pinned on top of the feed."))
    return go_to("activities.show", activity_id=activity_id)


@blueprint.post("/activities/<int:activity_id>/pin/withdrawal")
@role(Role.COORDINATOR, Role.LEAD)
@braked(1)
def pin_down(activity_id: int) -> Response:
    unpin(_visible(activity_id), by=viewer())
    db.session.commit()
    flash(_("It is no longer pinned."))
    return go_to("activities.show", activity_id=activity_id)


def _visible(activity_id: int) -> Activity:
    activity = visible_activity(activity_id, viewer())
    if activity is None or not activity.is_visible:
        abort(404)
    return activity
