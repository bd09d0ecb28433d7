"""The survey of a stage as a lead sees it: where it stands, its end, and a word that must not be in its result."""

from datetime import timedelta

from flask import abort, current_app, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app import clock
from app.blueprints.admin import blueprint
from app.blueprints.admin.survey_forms import BlankForm, EndForm
from app.extensions import db
from app.gateways.survey_keys import SurveyKeys
from app.models.person import Role
from app.models.stage import Stage
from app.models.survey import Survey
from app.services.survey import closing, trial
from app.services.survey.opening import EndError, last_end, move_end
from app.services.survey.publication import published
from app.services.survey.standing import Standing, finds_key, standing_of
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.get("/admin/surveys/<int:number>")
@role(Role.LEAD)
def survey(number: int) -> str:
    return _page(Stage.numbered(number) or abort(404))


@blueprint.post("/admin/surveys/<int:number>/end")
@role(Role.LEAD)
@braked(1, form=True)
def move_survey_end(number: int) -> Response | tuple[str, int]:
    """Let people answer until the evening of another day. A second tap changes nothing more."""
    moved = _survey(number)
    form = EndForm()
    if not form.validate():
        return _page(moved.stage, end_form=form), 422
    try:
        move_end(moved, form.last_day.data + timedelta(days=1), by=viewer(), now=clock.now())
    except (EndError, OverflowError):
        db.session.rollback()
        form.last_day.errors = [_not_that_day(_survey(number))]
        return _page(Stage.numbered(number) or abort(404), end_form=form), 422
    db.session.commit()
    flash(_("The last day has been moved."))
    return go_to("admin.survey", number=number)


@blueprint.post("/admin/surveys/<int:number>/blanked-words")
@role(Role.LEAD)
@braked(1, form=True)
def blank_word(number: int) -> Response | tuple[str, int]:
    """Take a word out of the result that everybody sees, for good."""
    released = _survey(number)
    form = BlankForm()
    if not form.validate():
        return _page(released.stage, blank_form=form), 422
    is_gone = closing.blank(released, form.word.data)
    db.session.commit()
    flash(_("The word is gone from the result.") if is_gone else _("That was done already."))
    return go_to("admin.survey", number=number)


@blueprint.post("/admin/surveys/trial")
@role(Role.LEAD)
@braked(1)
def try_survey() -> Response:
    """Open a survey before its time. Exists in demo mode only."""
    if not current_app.config["SETTINGS"].demo:
        abort(404)
    opened = trial.open_to_try(survey_keys(), clock.now())
    db.session.commit()
    if opened is None:
        flash(_("That was done already."))
        return go_to("admin.index", _anchor="surveys")
    flash(_("The survey is open. Nobody is told, since this is a demonstration."))
    return go_to("admin.survey", number=opened.stage.number)


def survey_keys() -> SurveyKeys:
    """The directory of the surveys' files, which the worker shares."""
    return SurveyKeys(current_app.config["SURVEY_DIR"])


def _survey(number: int) -> Survey:
    return Survey.of_stage(number) or abort(404)


def _page(stage: Stage, *, end_form: EndForm | None = None, blank_form: BlankForm | None = None) -> str:
    today, keys = catalogue().today(clock.now()), survey_keys()
    of_stage = db.session.get(Survey, stage.id)
    standing = standing_of(stage, of_stage, keys, today)
    is_open = of_stage is not None and of_stage.is_open(today)
    return render_template(
        "admin/survey.html",
        stage=stage,
        survey=of_stage,
        standing=standing,
        released_by=closing.released_by,
        words=len(keys.words(stage.number) or ()) if standing == Standing.WORDS else 0,
        finds_key=of_stage is None or not is_open or finds_key(of_stage, keys),
        end_form=(end_form or EndForm.of(of_stage)) if of_stage and is_open else None,
        first_day=today,
        last_day=last_end(of_stage) - timedelta(days=1) if of_stage and is_open else None,
        blank_form=_with_words(stage, blank_form or BlankForm(formdata=None)),
    )


def _with_words(stage: Stage, form: BlankForm) -> BlankForm | None:
    """With the words that can be taken out; None when there are none."""
    result = published("admin.survey", stage)
    words = [one.word for one in (result and result.words) or ()]
    form.word.choices = [SelectChoice("", _("Choose a word")), *words]
    return form if words else None


def _not_that_day(moved: Survey) -> str:
    today = catalogue().today(clock.now())
    if not moved.is_open(today):
        return _("The survey has ended. Its end cannot be moved any more.")
    last = last_end(moved) - timedelta(days=1)
    return _("Choose a day from today to %(day)s.", day=_day(last))


def _day(value: object) -> str:
    return str(current_app.jinja_env.filters["day"](value))
