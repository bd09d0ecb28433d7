"""Coordinators and leads choose the lessons of a stage, order them, edit their words, and publish them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.lessons import blueprint
from app.blueprints.lessons.forms import ChoiceForm, LessonForm
from app.blueprints.lessons.page import has_begun_to_learn, stage_after, stage_numbered, today
from app.extensions import db
from app.models.lesson import StageLesson
from app.models.person import Role
from app.models.stage import Stage
from app.models.tip import TipKind
from app.services.activities.locking import ClosedError, OvertakenError
from app.services.stages import lesson_editing
from app.services.stages.gaps import gaps_of, stage_to_act_in
from app.services.stages.lesson_draft import draft_lessons
from app.services.stages.lesson_publishing import NothingChosenError, publish_lessons
from app.services.stages.lessons import lesson_of, lessons_of_stage, set_of
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import viewer
from app.web.paging import row_number
from app.web.seen import seen_of

_STEPS = {"up": -1, "down": 1}


@blueprint.get("/stages/<int:number>/lessons/edit")
@role(Role.LEAD, Role.COORDINATOR)
def edit(number: int) -> Response:
    """The draft, what worked or (`kind=pitfall`) the traps; `open` is the lesson that one writes in."""
    stage, lesson_id = stage_numbered(number), row_number(request.args.get("open"))
    lesson = lesson_of(stage.id, lesson_id) if lesson_id else None
    return _page(stage, _kind(lesson), lesson=lesson, form=_filled(lesson) if lesson else None)


@blueprint.post("/stages/<int:number>/lessons/draft")
@role(Role.LEAD, Role.COORDINATOR)
@braked(2)
def draft(number: int) -> Response:
    """Draft them, or bring in what has come since."""
    stage = stage_numbered(number)
    if not has_begun_to_learn(stage):
        abort(404)
    count = draft_lessons(stage, clock.now())
    db.session.commit()
    flash(ngettext("%(num)d lesson is in the draft.", "%(num)d lessons are in the draft.", count) if count
          else _("Nothing new has come."))  # fmt: skip
    return go_to("lessons.edit", number=number)


@blueprint.post("/stages/<int:number>/lessons/<int:lesson_id>/choice")
@role(Role.LEAD, Role.COORDINATOR)
@braked(1)
def choose(number: int, lesson_id: int) -> Response:
    lesson = _lesson(number, lesson_id)

    def lift(**about: Any) -> str:
        last = lesson_editing.lift(lesson, **about)
        if last is None:
            return _("“%(title)s” is chosen.", title=lesson.heading)
        about_both = {"title": lesson.heading, "other": last.heading}
        return _("“%(title)s” takes the place of “%(other)s”, which is next in line.", **about_both)

    return _changed(number, lesson, lift)


@blueprint.post("/stages/<int:number>/lessons/<int:lesson_id>/choice/withdrawal")
@role(Role.LEAD, Role.COORDINATOR)
@braked(1)
def take_out(number: int, lesson_id: int) -> Response:
    lesson = _lesson(number, lesson_id)

    def take(**about: Any) -> str:
        lesson_editing.take_out(lesson, **about)
        return _("“%(title)s” is next in line.", title=lesson.heading)

    return _changed(number, lesson, take)


@blueprint.post("/stages/<int:number>/lessons/<int:lesson_id>/place")
@role(Role.LEAD, Role.COORDINATOR)
@braked(1)
def move(number: int, lesson_id: int) -> Response:
    """`to` is `up` or `down`."""
    lesson, step = _lesson(number, lesson_id), _STEPS.get(request.args.get("to", "")) or abort(400)

    def take_the_step(**about: Any) -> str:
        lesson_editing.move(lesson, step, **about)
        return _("“%(title)s” has moved.", title=lesson.heading)

    return _changed(number, lesson, take_the_step)


@blueprint.post("/stages/<int:number>/lessons/<int:lesson_id>")
@role(Role.LEAD, Role.COORDINATOR)
@braked(2, form=True)
def write(number: int, lesson_id: int) -> Response:
    stage, lesson, form = stage_numbered(number), _lesson(number, lesson_id), LessonForm()
    page = partial(_page, stage, _kind(lesson), 422, form=form)
    if not form.validate():
        return page(lesson=lesson)
    try:
        lesson_editing.edit(lesson, form.words(), by=viewer(), now=clock.now(), based_on=form.seen_at)
    except ClosedError:
        return _gone(number)
    except OvertakenError:
        form.seen.data = seen_of(lesson)
        return page(lesson=lesson, overtaken=True)
    kind = lesson.kind_of_tip
    db.session.commit()
    flash(_draft_key(lesson_id), "draft-done")
    return go_to("lessons.edit", number=number, kind=kind, _anchor=f"lesson-{lesson_id}")


@blueprint.post("/stages/<int:number>/lessons/publication")
@role(Role.LEAD, Role.COORDINATOR)
@braked(4)
def publish(number: int) -> Response:
    try:
        is_new = publish_lessons(stage_numbered(number), by=viewer(), now=clock.now())
    except NothingChosenError:
        db.session.rollback()
        flash(_("Choose at least one lesson first."), "error")
        return go_to("lessons.edit", number=number)
    db.session.commit()
    flash(_("Published. Everybody is told, each within their own hours.") if is_new
          else _("They are published already."))  # fmt: skip
    return go_to("lessons.show", number=number)


def _lesson(number: int, lesson_id: int) -> StageLesson:
    return lesson_of(stage_numbered(number).id, lesson_id) or abort(404)


def _changed(number: int, lesson: StageLesson, change: Callable[..., str]) -> Response:
    """Make the change, and show the draft with what has been done; or as it is by now, when the page was an old one."""
    stage, kind, form = stage_numbered(number), _kind(lesson), ChoiceForm()
    try:
        news = change(by=viewer(), now=clock.now(), based_on=form.seen_at)
    except ClosedError:
        return _gone(number)
    except OvertakenError:
        db.session.rollback()
        return _page(stage, kind, 422, overtaken=True)
    db.session.commit()
    if wants_fragment():
        return _page(stage, kind, news=news)
    flash(news)
    return go_to("lessons.edit", number=number, kind=kind.value)


def _gone(number: int) -> Response:
    db.session.rollback()
    flash(_("It has been hidden or taken back in the meantime."), "error")
    return go_to("lessons.edit", number=number)


def _kind(lesson: StageLesson | None) -> TipKind:
    """The lesson's, or the one that the address asks for."""
    if lesson:
        return TipKind(lesson.kind_of_tip)
    return TipKind.PITFALL if request.args.get("kind") == TipKind.PITFALL else TipKind.SUCCESS


def _filled(lesson: StageLesson) -> LessonForm:
    words = {"heading": lesson.heading, "text": lesson.rest, "change": lesson.change}
    return LessonForm(formdata=None, data=words | {"seen": seen_of(lesson)})


def _draft_key(lesson_id: int) -> str:
    return f"lesson-{lesson_id}"


def _page(stage: Stage, kind: TipKind, status: int = 200, **about: Any) -> Response:
    """`lesson` is the one that is written in, with its `form`; `overtaken`: a colleague was quicker; `news`: what has
    just been done."""
    lesson, lesson_set = about.get("lesson"), set_of(stage)
    if lesson_set:
        about["choice"] = ChoiceForm(formdata=None, data={"seen": seen_of(lesson_set)})
    if viewer().is_a(Role.LEAD) and not wants_fragment():
        about |= {"gaps": gaps_of(stage), "to_act_in": stage_to_act_in(stage, today())}
    return render(
        "lessons/edit.html",
        # Before there is a draft, there is no part of the page to draw anew.
        "lessons/_draft.html" if lesson_set else "lessons/edit.html",
        status,
        stage=stage,
        later=stage_after(stage),
        kind=kind,
        lesson_set=lesson_set,
        lessons=lessons_of_stage(stage),
        has_begun=has_begun_to_learn(stage),
        draft=_draft_key(lesson.id) if lesson else "",
        **about,
    )
