"""The inbox: everything that a person has been told, pushed or not."""

from itertools import groupby
from typing import NamedTuple

from flask import abort, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.inbox import blueprint
from app.extensions import db
from app.hidden_numbers import conceal_each, reveal
from app.models.notification import Notification
from app.services.notifications.inbox import (
    Told,
    contents_to_withhold,
    mark_all_read,
    mark_read,
    mark_seen,
    notification_of,
    notifications,
)
from app.services.notifications.kinds import kind_named, words_here
from app.services.notifications.reminders import stop_reminders_of, stoppable_among
from app.services.notifications.wording import Words
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render
from app.web.identity import glance, glance_or_none, viewer


class Item(NamedTuple):
    """A row of the inbox, as it was before it was seen."""

    notification: Told
    #: Its number, as addresses name it.
    hidden: str
    words: Words
    icon: str
    hue: str
    is_new: bool
    #: The page's reader may say that they want no more reminders of what it is about.
    can_be_stopped: bool


@blueprint.record_once
def _give_templates_unread(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["unread"] = unread


def unread() -> int:
    """How many notifications the viewer had not opened when the request came; the bell shows it."""
    person = glance_or_none()
    return person.unread if person else 0


@blueprint.get("/inbox")
@signed_in
def index() -> Response:
    """Newest first, day by day; `before` and `day` say where an earlier page ended. What is shown has been seen."""
    page = notifications(glance().id, _before())
    taken_away, stoppable = {row.id for row in contents_to_withhold(page.items)}, stoppable_among(page.items)
    hidden = conceal_each([row.id for row in page.items], current_app.config["SECRET_KEY"])
    items = [
        _item(row, number, row.id in taken_away, row.id in stoppable)
        for row, number in zip(page.items, hidden, strict=True)
    ]
    zone = catalogue().timezone
    by_day = groupby(items, lambda item: clock.local_date(item.notification.created_at, zone))
    answer = render(
        "inbox/index.html",
        "inbox/_items.html",
        days=[(day, list(rows)) for day, rows in by_day],
        last_day=request.args.get("day"),
        today=catalogue().today(clock.now()),
        more_unread=unread() - sum(item.is_new for item in items),
        next_before=hidden[-1] if page.has_more else None,
    )
    if mark_seen(page.items, clock.now()):
        db.session.commit()
    return answer


@blueprint.get("/inbox/bell")
@signed_in
def bell() -> str:
    """The bell alone, for a page that is open while a push arrives."""
    return render_template("inbox/_bell.html")


@blueprint.get("/inbox/<string(length=22):hidden>")
@signed_in
def open_notification(hidden: str) -> Response:
    """Pushes and the inbox's rows link here: mark it as read, and go on to what it is about."""
    notification = _own(hidden)
    mark_read(notification, clock.now())
    db.session.commit()
    return redirect(notification.url, 303)


@blueprint.post("/inbox/read-all")
@signed_in
def read_all() -> Response:
    mark_all_read(viewer(), clock.now())
    db.session.commit()
    flash(gettext("Everything is read."))
    return go_to("inbox.index")


@blueprint.post("/inbox/<string(length=22):hidden>/reminder-stop")
@signed_in
def stop_reminders(hidden: str) -> Response:
    """No more reminders of the plan that it is about."""
    notification = _own(hidden)
    if not stop_reminders_of(notification, clock.now()):
        abort(404)
    db.session.commit()
    flash(gettext("We remind you of it no more."))
    return go_to("inbox.index")


def _item(notification: Told, hidden: str, taken_away: bool, can_be_stopped: bool) -> Item:
    kind = kind_named(notification.kind)
    words = words_here(notification.kind, notification.parameters, taken_away=taken_away)
    return Item(
        notification,
        hidden,
        words,
        kind.icon,
        kind.hue,
        notification.is_unread,
        can_be_stopped,
    )


def _number(hidden: str) -> int | None:
    return reveal(hidden, current_app.config["SECRET_KEY"])


def _own(hidden: str) -> Notification:
    number = _number(hidden)
    return (number and notification_of(viewer(), number)) or abort(404)


def _before() -> int | None:
    """Where the page before ended; 400 for what none of them wrote."""
    hidden = request.args.get("before")
    return (_number(hidden) or abort(400)) if hidden else None
