"""The coordinator's day: what waits, what is good this week, and a hello to the quiet."""

from datetime import datetime
from typing import Any

from flask import abort, flash
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.coordinator import blueprint
from app.blueprints.coordinator.forms import HelloForm
from app.extensions import db
from app.models.person import LANGUAGES, Person, Role
from app.models.programme import LocalText
from app.models.retry import TakenBackError
from app.models.stage import Stage
from app.services.activities.best_practice import lifted_among
from app.services.moderation.picture_queue import waiting_pictures
from app.services.moderation.queue import queue
from app.services.stages.coordinator_day import coming_up, good_lately
from app.services.stages.decisions import decisions_for
from app.services.stages.greeting import GreetedError, greet, greeting_of, regret
from app.services.stages.own_messages import GoneOutError
from app.services.stages.quiet import doing_by_municipality
from app.services.stages.timeline import days_until_next_phase
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.filters import clock_time, day
from app.web.htmx import go_to, render
from app.web.identity import viewer

#: So much of what waits is named; the queue has the rest.
_NAMED = 3


@blueprint.get("/coordinator")
@role(Role.COORDINATOR)
def index() -> Response:
    return _page(HelloForm(formdata=None))


@blueprint.post("/coordinator/hello")
@role(Role.COORDINATOR)
@braked(4, form=True)
def say_hello() -> Response:
    stage, form = _stage(), HelloForm()
    if stage is None or viewer().municipality_id not in doing_by_municipality(stage.id):
        abort(404)  # where few are counted, a hello to the quiet could tell who is
    if not form.validate():
        return _page(form, 422)
    person, now = viewer(), clock.now()
    try:
        message = greet(
            stage, _title(person), form.text.data, by=person, request_key=form.key_of(""), now=now
        )
    except (GreetedError, TakenBackError):
        db.session.rollback()
        flash(_("Somebody has said hello here this week already. One a week is enough."), "error")
        return go_to("coordinator.index")
    words = _("Your hello goes out %(when)s.", when=_when(message.due_at))
    db.session.commit()
    flash("hello", "draft-done")
    flash(words)
    return go_to("coordinator.index", _anchor="hello")


@blueprint.post("/coordinator/hello/withdrawal")
@role(Role.COORDINATOR)
@braked(1)
def take_hello_back() -> Response:
    greeting = greeting_of(viewer().municipality_id, clock.now())
    if greeting:
        try:
            regret(greeting, viewer(), clock.now())
        except GoneOutError:
            db.session.rollback()
            flash(_("It has gone out already."), "error")
            return go_to("coordinator.index")
        db.session.commit()
        flash(_("It does not go out."))
    return go_to("coordinator.index", _anchor="hello")


def _title(person: Person) -> LocalText:
    """In each language, for those who read it."""
    title = {}
    for language in LANGUAGES:
        with force_locale(language):
            title[language] = _("%(name)s says hello", name=person.name)
    return title


def _stage() -> Stage | None:
    return catalogue().current_stage(catalogue().today(clock.now()))


def _when(moment: datetime) -> str:
    return f"{day(moment)} {clock_time(moment)}"


def _page(form: HelloForm, status: int = 200) -> Response:
    person, now, stage = viewer(), clock.now(), _stage()
    good, pictures = good_lately(person, now), waiting_pictures(person, _NAMED)
    waiting = queue(person).items
    today = catalogue().today(now)
    context: dict[str, Any] = {
        "form": form,
        "stage": stage,
        "place": catalogue().municipalities[person.municipality_id],
        "decisions": decisions_for(person),
        "pictures": pictures,
        "first": waiting[: _NAMED - len(pictures)],
        "good": good,
        "lifted": lifted_among([activity.id for activity in good]),
        "coming": coming_up(person, stage, now) if stage and not good else (),
        "doing": doing_by_municipality(stage.id).get(person.municipality_id) if stage else None,
        "greeting": greeting_of(person.municipality_id, now),
        "days_left": days_until_next_phase(stage, today) if stage else None,
    }
    return render("coordinator/index.html", "coordinator/index.html", status, **context)
