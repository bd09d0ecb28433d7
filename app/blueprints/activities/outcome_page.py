"""The page with the form for the report, for all routes that show it."""

from collections.abc import Mapping
from typing import Final

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.activities.outcome_forms import OutcomeForm
from app.blueprints.activities.own import report_draft
from app.gateways.images import LARGEST_FILE
from app.models.activity import Activity
from app.models.outcome import Photo
from app.services.activities.around import around
from app.services.activities.heeding import heeded_tips
from app.services.activities.photos import LONGEST_ALT, MOST_PHOTOS
from app.services.activities.report import Report, standing_report
from app.services.activities.returned import question_about
from app.services.challenges.standing import standing_of
from app.text import one_line
from app.web.body_limits import USUAL
from app.web.catalogue import catalogue
from app.web.htmx import render
from app.web.identity import viewer
from app.web.paging import row_number

#: Without scripts, all pictures travel with the form, to whichever of its buttons is pressed.
LARGEST_REPORT: Final = MOST_PHOTOS * LARGEST_FILE + USUAL


def overtaken_page(activity: Activity, form: OutcomeForm) -> Response:
    """The form as it was sent, beside what somebody else has reported meanwhile. Sent again, it replaces that."""
    standing = standing_report(activity)
    form.seen.data = standing.stamp if standing else ""
    return form_page(activity, form, status=422, standing=standing)


def unanswered_page(activity: Activity, form: OutcomeForm) -> Response:
    """The form as it was sent: the coordinator who has sent it back has got no answer yet."""
    form.answer.errors = [_("Nothing has been changed, and there is no answer.")]
    return form_page(activity, form, status=422)


def form_page(
    activity: Activity,
    form: OutcomeForm,
    refused: list[str] | None = None,
    status: int = 200,
    standing: Report | None = None,
) -> Response:
    """The form as a page or a fragment. `refused` are sentences about pictures that were not accepted; `standing`
    is somebody else's report that would be lost."""
    beside = around(activity.id, viewer().id)
    challenge = standing_of(activity.id) if beside.takes_on_challenge else None
    question = question_about(activity.id) if challenge else None
    if question and not form.is_submitted():
        form.answer.data = question.answer
    form.ticked.choices = list(enumerate(challenge.promise.done_when)) if challenge else []
    return render(
        "activities/outcome.html",
        "activities/_outcome_form.html",
        status,
        activity=activity,
        form=form,
        refused=refused or [],
        standing=standing,
        challenge=challenge,
        question=question,
        heeded=heeded_tips(activity.id) if beside.heeds_tips else [],
        helped=answers_in(request.form),
        alts={photo.id: alt_of(photo) for photo in activity.photos},
        most_photos=MOST_PHOTOS,
        points=catalogue().policy(catalogue().today()).get("report", {}).get("points", 0),
        draft=report_draft(activity.id),
    )


def answers_in(sent: Mapping[str, str]) -> dict[int, bool]:
    """The answers to "Did it help?" in the form, by the number of the tip: `helped-12=yes`."""
    answers = ((row_number(name.removeprefix("helped-")), answer) for name, answer in sent.items())
    return {number: answer == "yes" for number, answer in answers if number and answer in ("yes", "no")}


def alt_of(photo: Photo) -> str:
    """The description of the picture from the form, or else the stored one."""
    return one_line(request.form.get(f"alt-{photo.id}", photo.alt))[:LONGEST_ALT]
