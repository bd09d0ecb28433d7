"""The page of one activity: what it shows to whom, also when a form on it has errors."""

from typing import Any

from flask import flash, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.activities.coming_page import coming_on_page
from app.blueprints.activities.forms import DateForm
from app.blueprints.activities.idea_page import ideas_on_page
from app.blueprints.activities.invitation_form import InvitationForm
from app.extensions import db
from app.models.activity import Activity, Answer
from app.models.concreteness import answered_questions
from app.models.person import Person
from app.services.activities.around import around
from app.services.activities.cheer import cheers_with
from app.services.activities.heeding import heeded_tips
from app.services.activities.hindrances import hindrance_in_words
from app.services.activities.shown import ShownActivity
from app.services.challenges.standing import last_reviews, standing_of
from app.web.conversation import talk_about
from app.web.htmx import go_to, render
from app.web.identity import viewer
from app.web.pinning import pinning_on_page


def page_of(activity: Activity | ShownActivity, status: int = 200, **forms: Any) -> Response:
    """The whole page; `forms` are those with errors."""
    return make_response(render_template("activities/show.html", **_context(activity, forms)), status)


def together_of(activity: Activity, form: InvitationForm, status: int = 200) -> Response:
    """The whole page, or for HTMX its part about who does it together."""
    context = _context(activity, {"invitation_form": form})
    return render("activities/show.html", "activities/_together.html", status, **context)


def closed_response(activity_id: int) -> Response:
    """Somebody was quicker: a co-owner reported, or a coordinator hid it, while the form was open. What was written
    stays in the browser as a draft."""
    db.session.rollback()
    flash(_("It has been reported or taken away in the meantime."), "error")
    return go_to("activities.show", activity_id=activity_id)


def _context(activity: Activity | ShownActivity, forms: dict[str, Any]) -> dict[str, Any]:
    person = viewer()
    owns, beside = activity.is_owned_by(person), around(activity.id, person.id)
    challenge = standing_of(activity.id) if beside.takes_on_challenge else None
    may_change = owns and activity.is_open
    return {
        "activity": activity,
        "owns": owns,
        "own": owns,
        "following": not owns and beside.is_followed,
        "counts": cheers_with(activity.contribution, beside.cheer),
        "may_change": may_change,
        "may_withdraw": activity.owner_id == person.id and activity.is_open,
        "may_report": owns and activity.is_workable,
        "invitation": _invitation(activity, person) if activity.is_open and activity.is_visible else None,
        "challenge": challenge,
        "review": last_reviews([activity.id]).get(activity.id) if challenge else None,
        "heeded": heeded_tips(activity.id) if beside.heeds_tips else [],
        "hindrance": hindrance_in_words(activity.outcome.hindrance if activity.outcome else None),
        "answered": answered_questions(activity.answers),
        "points": beside.points,
        "talk": talk_about(activity) if activity.is_visible else None,
        "date_form": DateForm(formdata=None, obj=activity) if may_change else None,
        "invitation_form": InvitationForm(formdata=None) if may_change else None,
        **pinning_on_page(activity, person, is_shown=activity.is_visible),
        **ideas_on_page(activity, person, owns, beside),
        **coming_on_page(activity, person),
        **forms,
    }


def _invitation(activity: Activity | ShownActivity, person: Person) -> Any:
    """The viewer's own invitation, as long as it may be answered: who has declined may still accept."""
    answerable = (Answer.INVITED, Answer.DECLINED)
    return next(
        (co for co in activity.co_owners if co.person_id == person.id and co.answer in answerable), None
    )
