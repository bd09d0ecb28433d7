"""The programme office: where the stages are, who has joined, and moving a stage by hand."""

from flask import abort, current_app, flash, render_template, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.admin import blueprint
from app.blueprints.admin.forms import AdvanceForm
from app.blueprints.admin.survey_routes import survey_keys
from app.extensions import db
from app.models.person import Role
from app.models.programme import municipalities
from app.models.stage import Phase, Stage, current_among, stages
from app.services.notifications.wording import Words
from app.services.people.counts import audience, people_by_role
from app.services.publishing.lobby_address import lobby_address
from app.services.stages.advance import advance_stage, next_phase
from app.services.stages.step_parameters import Previews, own_words, step_texts
from app.services.stages.timeline import last_day
from app.services.survey.standing import standings, surveys_by_stage
from app.services.survey.trial import stage_to_try
from app.web.access import role
from app.web.catalogue import catalogue
from app.web.htmx import go_to
from app.web.identity import viewer


@blueprint.get("/admin")
@role(Role.LEAD)
def index() -> str:
    """The stages, their surveys, the number of people in each municipality with its joining link, and the lobby's
    screen."""
    screen, all_stages, today = lobby_address(), stages(), catalogue().today(clock.now())
    surveys, places, is_demo = surveys_by_stage(), municipalities(), current_app.config["SETTINGS"].demo
    path = url_for("lobby.index", secret=screen.secret) if screen else ""
    return render_template(
        "admin/index.html",
        stages=all_stages,
        last_day=last_day,
        today=today,
        running=current_among(all_stages, today),
        standings=standings(all_stages, surveys, survey_keys(), today),
        stage_to_try=stage_to_try(all_stages, surveys, today) if is_demo else None,
        places=places,
        participants=sum(place.registered for place in places),
        by_role=people_by_role(),
        screen=screen,
        screen_url=str(current_app.config["BASE_URL"]) + path,
    )


@blueprint.get("/admin/stages")
@role(Role.LEAD)
def all_stages() -> str:
    today = catalogue().today(clock.now())
    return render_template("admin/stages.html", stages=stages(), last_day=last_day, today=today)


@blueprint.get("/admin/stages/<int:number>")
@role(Role.LEAD)
def stage(number: int) -> str:
    """One stage, and what moving it would do: which date changes, and who is told what."""
    return _stage_page(number, AdvanceForm())


@blueprint.post("/admin/stages/<int:number>/advance")
@role(Role.LEAD)
def advance(number: int) -> Response | tuple[str, int]:
    """Move the stage into the phase that the button named. A second tap changes nothing."""
    form = AdvanceForm()
    if not form.validate_on_submit():
        return _stage_page(number, form), 422
    target = Stage.numbered(number) or abort(404)
    event = advance_stage(target, by=viewer(), now=clock.now(), to=Phase(form.to.data))
    db.session.commit()
    flash(gettext("Done. Everyone concerned is being told.") if event else gettext("That was done already."))
    return go_to("admin.stage", number=number)


def _stage_page(number: int, form: AdvanceForm) -> str:
    every_stage, today = stages(), catalogue().today(clock.now())
    stage_of_page = next((one for one in every_stage if one.number == number), None) or abort(404)
    coming = next_phase(stage_of_page, today)
    messages: list[tuple[Words, int]] = []
    if coming:
        texts, previews = step_texts(stage_of_page.id), Previews(stage_of_page, every_stage, today)
        messages = [
            (previews.words(step, own_words(texts.get(step.name)), str(get_locale())), people)
            for step, people in audience(coming)
        ]
        form.to.data = coming.value
    return render_template(
        "admin/stage.html",
        stage=stage_of_page,
        last_day=last_day,
        form=form,
        today=today,
        phase=stage_of_page.phase(today),
        coming=coming,
        messages=messages,
    )
