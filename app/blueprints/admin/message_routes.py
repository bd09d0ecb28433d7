"""A lead's own messages: written to an audience of their choice, tried, changed and taken back until they go out."""

from datetime import datetime
from typing import Any

from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.admin import blueprint
from app.blueprints.admin.message_form_data import form_from, form_of, new_form
from app.blueprints.admin.message_forms import MessageForm
from app.blueprints.admin.message_page import (
    form_context,
    gone_context,
    moment_words,
    preview_context,
    takes_messages,
)
from app.blueprints.admin.trials import answer_trial
from app.blueprints.admin.words_form import WordsForm
from app.extensions import db
from app.models.own_message import OwnMessage
from app.models.person import Role
from app.models.retry import TakenBackError
from app.models.stage import Stage
from app.services.activities.locking import OvertakenError
from app.services.stages.announcements import take_down
from app.services.stages.own_messages import (
    GoneOutError,
    change_message,
    gone,
    message_of,
    sums_of,
    take_back,
    write_message,
)
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render
from app.web.identity import viewer
from app.web.paging import last_number, row_number
from app.web.seen import seen_of


@blueprint.get("/admin/stages/<int:number>/messages")
@role(Role.LEAD)
def messages(number: int) -> Response:
    """Those that have gone out in that stage, the latest first."""
    stage = _stage(number)
    page = gone(stage, last_number(request.args.get("before")))
    more_url = f"{request.path}?before={page.last.id}" if page.last else None
    context: dict[str, Any] = {
        "stage": stage,
        "messages": page.items,
        "more_url": more_url,
        "takes_messages": takes_messages(stage),
    }
    sums = sums_of(page.items)
    return render("admin/messages.html", "admin/_messages_page.html", sums=sums, **context)


@blueprint.get("/admin/stages/<int:number>/messages/new")
@role(Role.LEAD)
def new_message(number: int) -> str:
    return _new_page(_open_stage(number), new_form())


@blueprint.post("/admin/stages/<int:number>/messages")
@role(Role.LEAD)
@braked(20, form=True)
def create_message(number: int) -> Response | tuple[str, int]:
    """A second tap writes no second one."""
    stage, form = _open_stage(number), MessageForm()
    if not form.validate():
        return _new_page(stage, form), 422
    try:
        message = write_message(stage, form.content, by=viewer(), request_key=form.retry_key, now=clock.now())
    except TakenBackError:
        db.session.rollback()
        form.begin_anew()
        form.title_sv.errors = [
            _("You have taken that message back. Send once more if you want it after all.")
        ]
        return _new_page(stage, form), 422
    db.session.commit()
    flash(_("It goes out %(when)s.", when=_when(message.due_at)))
    flash(_draft_of_new(stage), "draft-done")
    return go_to("admin.message", number=number, message_id=message.id)


@blueprint.get("/admin/stages/<int:number>/messages/preview")
@role(Role.LEAD)
def preview_message(number: int) -> str:
    """What is being written, as it will look, and whom it reaches."""
    stage = _stage(number)
    return render_template("admin/_message_preview.html", **preview_context(stage, form_from(request.args)))


@blueprint.post("/admin/stages/<int:number>/messages/trial")
@role(Role.LEAD)
@braked(1, form=True, counts_told=False)
def try_message(number: int) -> Response | tuple[str, int]:
    """What is being written, to the viewer alone; the form comes back as it was filled."""
    stage, form, words = _stage(number), MessageForm(), WordsForm()
    if not words.validate():
        for name, errors in words.errors.items():
            form[str(name)].errors = errors
        return answer_trial(None, words.errors, lambda: _form_page(stage, form))
    previews = preview_context(stage, form)["previews"]
    return answer_trial((previews, words.url), {}, lambda: _form_page(stage, form))


@blueprint.get("/admin/stages/<int:number>/messages/<int:message_id>")
@role(Role.LEAD)
def message(number: int, message_id: int) -> str:
    """While it waits, its form; afterwards, what came of it."""
    stage, one = _message(number, message_id)
    return _change_page(stage, one, form_of(one)) if one.may_be_changed else _gone_page(stage, one)


@blueprint.post("/admin/stages/<int:number>/messages/<int:message_id>")
@role(Role.LEAD)
@braked(2, form=True)
def rewrite_message(number: int, message_id: int) -> Response | tuple[str, int]:
    stage, one = _message(number, message_id)
    form = MessageForm()
    if not form.validate():
        return _change_page(stage, one, form), 422
    try:
        change_message(one, form.content, now=clock.now(), based_on=form.seen_at)
    except GoneOutError:
        return _too_late(one)
    except OvertakenError:
        form.seen.data = seen_of(one)
        return _change_page(stage, one, form, is_overtaken=True), 422
    db.session.commit()
    flash(_("Changed. It goes out %(when)s.", when=_when(one.due_at)))
    flash(f"message-{one.id}", "draft-done")
    return go_to("admin.message", number=number, message_id=message_id)


@blueprint.post("/admin/stages/<int:number>/messages/<int:message_id>/withdrawal")
@role(Role.LEAD)
@braked(1)
def withdraw_message(number: int, message_id: int) -> Response | tuple[str, int]:
    _stage_of, one = _message(number, message_id)
    try:
        take_back(one, by=viewer(), now=clock.now())
    except GoneOutError:
        return _too_late(one)
    db.session.commit()
    flash(_("Taken back. It does not go out."))
    flash(f"message-{one.id}", "draft-done")
    return go_to("admin.message", number=number, message_id=message_id)


@blueprint.post("/admin/stages/<int:number>/messages/<int:message_id>/announcement/withdrawal")
@role(Role.LEAD)
@braked(1)
def withdraw_announcement(number: int, message_id: int) -> Response | tuple[str, int]:
    _stage_of, one = _message(number, message_id)
    take_down(one)
    db.session.commit()
    flash(_("It no longer stands on top of the feed."))
    return go_to("admin.message", number=number, message_id=message_id)


def _stage(number: int) -> Stage:
    return Stage.numbered(number) or abort(404)


def _open_stage(number: int) -> Stage:
    """One that messages are written in: it runs, is to come, or is the last that was."""
    stage = _stage(number)
    return stage if takes_messages(stage) else abort(404)


def _message(number: int, message_id: int) -> tuple[Stage, OwnMessage]:
    stage = _stage(number)
    return stage, message_of(stage, message_id) or abort(404)


def _too_late(one: OwnMessage) -> Response:
    db.session.rollback()
    flash(_("It was too late: it has begun to go out, or somebody has taken it back."))
    flash(f"message-{one.id}", "draft-done")
    return go_to("admin.message", number=request.view_args["number"], message_id=one.id)  # type: ignore[index]


def _form_page(stage: Stage, form: MessageForm) -> str:
    """The page that the form stands on: that of a message if it names one."""
    number = row_number(request.args.get("message"))
    one = message_of(stage, number) if number else None
    return _change_page(stage, one, form) if one and one.may_be_changed else _new_page(stage, form)


def _new_page(stage: Stage, form: MessageForm) -> str:
    return render_template("admin/message_new.html", draft=_draft_of_new(stage), **form_context(stage, form))


def _change_page(stage: Stage, one: OwnMessage, form: MessageForm, *, is_overtaken: bool = False) -> str:
    """`is_overtaken`: somebody else has changed it meanwhile, and the page shows what it says now."""
    context = form_context(stage, form)
    return render_template(
        "admin/message.html", message=one, draft=f"message-{one.id}", is_overtaken=is_overtaken, **context
    )


def _gone_page(stage: Stage, one: OwnMessage) -> str:
    return render_template("admin/message_gone.html", **gone_context(stage, one))


def _draft_of_new(stage: Stage) -> str:
    return f"message-of-stage-{stage.number}"


def _when(moment: datetime) -> str:
    return moment_words(moment, catalogue().today(clock.now()))
