"""The playbook of a stage as a lead sees it: a calendar, and each step with its switch, its text and its preview."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.admin import blueprint
from app.blueprints.admin.message_page import calendar_context
from app.blueprints.admin.playbook_forms import LONGEST_BODY, LONGEST_TITLE, StepTextForm, SwitchForm, seen_of
from app.blueprints.admin.trials import answer_trial
from app.extensions import db
from app.models.person import LANGUAGES, Role
from app.models.playbook import StepText
from app.models.stage import Stage, stages
from app.services.activities.locking import OvertakenError
from app.services.notifications.placeholders import placeholders_of
from app.services.notifications.playbook import PLAYBOOK, Step, url_of
from app.services.notifications.wording import Words
from app.services.stages.playbook_calendar import calendar_of, last_time
from app.services.stages.playbook_changes import switch_step, word_step
from app.services.stages.step_parameters import Previews, own_words, step_texts
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import viewer


@blueprint.get("/admin/stages/<int:number>/playbook")
@role(Role.LEAD)
def playbook(number: int) -> str:
    shown = _calendar(_stage(number))
    lines = calendar_context(shown["stage"], shown["calendar"], shown["today"])
    return render_template("admin/playbook.html", **shown, **lines)


@blueprint.get("/admin/stages/<int:number>/playbook/<name>")
@role(Role.LEAD)
def playbook_step(number: int, name: str) -> str:
    stage, step = _stage(number), _step(name)
    return _step_page(stage, step, StepTextForm.of(_text(stage, step), step))


@blueprint.post("/admin/stages/<int:number>/playbook/<name>/switch")
@role(Role.LEAD)
@braked(1)
def switch_playbook_step(number: int, name: str) -> Response:
    """On or off, as the button says. A double tap changes nothing more."""
    stage, step, form = _stage(number), _step(name), SwitchForm()
    if not form.validate():
        abort(422)
    switch_step(stage, step, is_on=form.to.data == "on", by=viewer(), now=clock.now())
    db.session.commit()
    if wants_fragment():
        return render("admin/playbook.html", "admin/_playbook_switch.html", **_switch(stage, step))
    flash(_("It goes out.") if form.to.data == "on" else _("It is switched off in this stage."))
    return go_to("admin.playbook_step", number=number, name=name)


@blueprint.post("/admin/stages/<int:number>/playbook/<name>")
@role(Role.LEAD)
@braked(1, form=True)
def word_playbook_step(number: int, name: str) -> Response | tuple[str, int]:
    """Give the step a text of its own in this stage, or the table's again."""
    stage, step = _stage(number), _step(name)
    form = StepTextForm(step=step)
    if not form.validate():
        return _step_page(stage, step, form), 422
    titles, bodies = form.texts
    try:
        word_step(stage, step, titles, bodies, by=viewer(), now=clock.now(), based_on=form.seen_at)
    except OvertakenError:
        form.seen.data = seen_of(_text(stage, step))
        return _step_page(stage, step, form, is_overtaken=True), 422
    db.session.commit()
    flash(_("Saved. It says so from now on."))
    return go_to("admin.playbook_step", number=number, name=name)


@blueprint.get("/admin/stages/<int:number>/playbook/<name>/preview")
@role(Role.LEAD)
def preview_playbook_step(number: int, name: str) -> str:
    """What is being written, as it will look."""
    stage, step = _stage(number), _step(name)
    form = StepTextForm(formdata=None, data=request.args, step=step)
    today = catalogue().today(clock.now())
    return render_template("admin/_playbook_preview.html", previews=_previews(stage, step, form), today=today)


@blueprint.post("/admin/stages/<int:number>/playbook/<name>/trial")
@role(Role.LEAD)
@braked(1, form=True, counts_told=False)
def try_playbook_step(number: int, name: str) -> Response | tuple[str, int]:
    """What is being written, to the viewer alone; the form comes back as it was filled."""
    stage, step = _stage(number), _step(name)
    form = StepTextForm(step=step)
    if not form.validate():
        return answer_trial(None, form.errors, lambda: _step_page(stage, step, form))
    text = _previews(stage, step, form), _address(stage, step)
    return answer_trial(text, {}, lambda: _step_page(stage, step, form))


def _address(stage: Stage, step: Step) -> str:
    """What the step opens; where that is each one's own, its page here."""
    try:
        return url_of(step, stage)
    except KeyError:
        return url_for("admin.playbook_step", number=stage.number, name=step.name)


def _stage(number: int) -> Stage:
    return Stage.numbered(number) or abort(404)


def _step(name: str) -> Step:
    """One that has days: the survey's own service sends the others."""
    return next((step for step in PLAYBOOK if step.name == name and step.when), None) or abort(404)


def _text(stage: Stage, step: Step) -> StepText | None:
    return step_texts(stage.id).get(step.name)


def _calendar(stage: Stage) -> dict[str, Any]:
    today, language = catalogue().today(clock.now()), str(get_locale())
    texts, previews = step_texts(stage.id), Previews(stage, stages(), today)
    words = {
        step.name: previews.words(step, own_words(texts.get(step.name)), language)
        for step in PLAYBOOK
        if step.when
    }
    return {
        "stage": stage,
        "calendar": calendar_of(stage, today),
        "before": last_time(stage),
        "words": words,
        "today": today,
    }


def _step_page(stage: Stage, step: Step, form: StepTextForm, *, is_overtaken: bool = False) -> str:
    shown = _switch(stage, step)
    return render_template(
        "admin/playbook_step.html",
        form=form,
        text=_text(stage, step) if is_overtaken else None,
        placeholders=placeholders_of(step),
        usual={language: _usual(step, language) for language in LANGUAGES},
        previews=_previews(stage, step, form),
        gone=next((row for row in shown["calendar"].gone if row.step == step), None),
        longest=(LONGEST_TITLE, LONGEST_BODY),
        **shown,
    )


def _usual(step: Step, language: str) -> Words:
    """The table's own text, with its placeholders."""
    with force_locale(language):
        return Words(str(step.title), str(step.body))


def _switch(stage: Stage, step: Step) -> dict[str, Any]:
    shown = _calendar(stage)
    row = next((one for one in shown["calendar"].coming if one.step == step), None)
    return {**shown, "step": step, "row": row, "title": shown["words"][step.name].title}


def _previews(stage: Stage, step: Step, form: StepTextForm) -> dict[str, Words]:
    titles, bodies = form.texts
    previews = Previews(stage, stages(), catalogue().today(clock.now()))
    own = {"own_title": titles, "own_body": bodies}
    return {language: previews.words(step, own, language) for language in LANGUAGES}
