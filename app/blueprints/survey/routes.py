"""Answer the measurement that is open; otherwise, when it can be answered, or what became of it."""

from datetime import date
from typing import Final

from flask import flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.survey import blueprint
from app.blueprints.survey.forms import SurveyForm
from app.extensions import db
from app.models.survey import Survey
from app.services.survey.answering import NotOpenError, answer, has_answered
from app.services.survey.ballot import LONGEST_WORD
from app.services.survey.closing import released_by
from app.services.survey.opening import next_opening
from app.web.access import signed_in
from app.web.body_limits import takes_up_to
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render
from app.web.identity import viewer
from app.web.trace import leaves_no_trace

#: Bytes of a form: three words of thirty characters in any script, twenty answers and a token have half of it.
_LARGEST_FORM: Final = 8 * 1024


@blueprint.get("/survey")
@signed_in
@leaves_no_trace
def show() -> Response | str:
    survey = Survey.open_on(_today())
    if survey is None:
        return _not_open()
    if has_answered(survey, viewer()):
        return _thanks(survey)
    if survey.is_paused:
        return render_template("survey/paused.html")
    return _page(SurveyForm(survey.statements, formdata=None), survey)


# No brake: it keeps, in memory or in Redis, who did something and when. Nobody else sees an answer or is told of it,
# and everybody has only one.
@blueprint.post("/survey")
@signed_in
@takes_up_to(_LARGEST_FORM)
@leaves_no_trace
def send() -> Response:
    survey = Survey.open_on(_today())
    form = SurveyForm(survey.statements if survey else ())
    if survey is None or form.stage.data != str(survey.stage.number):
        return _too_late(form)
    if has_answered(survey, viewer()):
        return _answered_before()
    if not form.validate():
        return _page(form, survey, 422)
    try:
        is_first = answer(survey, viewer(), form.answers(viewer().municipality_id), now=clock.now())
    except NotOpenError:
        db.session.rollback()
        return _not_now(form)
    db.session.commit()
    return go_to("survey.show") if is_first else _answered_before()


def _thanks(survey: Survey) -> str:
    return render_template(
        "survey/thanks.html", survey=survey, draft=_draft(survey), results_by=released_by(survey)
    )


def _answered_before() -> Response:
    """It may be a second answer, or the first one again because its reply was lost: nobody can tell."""
    flash(_("Your answer was in the box already. The first one counts."))
    return go_to("survey.show")


def _not_now(form: SurveyForm) -> Response:
    """It has ended in this very moment, or it is paused: then what was written stays in the form."""
    survey = Survey.open_on(_today())
    if survey is None:
        return _too_late(form)
    form.refusal = _("Nobody can answer just now: the key to the box is missing. Try again in a while.")
    return _page(form, survey, 422)


def _too_late(form: SurveyForm) -> Response:
    draft = f"survey-{form.stage.data}" if (form.stage.data or "").isdecimal() else ""
    page = render_template("survey/too_late.html", draft=draft)
    return Response(page, 409, content_type="text/html; charset=utf-8")


def _not_open() -> str:
    latest, today = Survey.latest(), _today()
    return render_template(
        "survey/not_open.html",
        latest=latest,
        results_by=released_by(latest) if latest else None,
        opens_on=next_opening(today),
        today=today,
    )


def _page(form: SurveyForm, survey: Survey, status: int = 200) -> Response:
    return render(
        "survey/answer.html",
        "survey/_form.html",
        status,
        form=form,
        survey=survey,
        draft=_draft(survey),
        longest=LONGEST_WORD,
    )


def _draft(survey: Survey) -> str:
    return f"survey-{survey.stage.number}"


def _today() -> date:
    return catalogue().today(clock.now())
