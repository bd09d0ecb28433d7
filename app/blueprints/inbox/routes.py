"""The inbox: everything that a person has been told, pushed or not."""

from datetime import date
from itertools import groupby
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.inbox import blueprint
from app.extensions import db
from app.models.notification import Notification
from app.services.notifications.inbox import (
    contents_to_withhold,
    mark_all_read,
    mark_read,
    mark_seen,
    notification_of,
    notifications,
)
from app.services.notifications.kinds import kind_named, words_of
from app.services.notifications.reminders import stop_reminders_of, stoppable_among
from app.services.notifications.wording import Words
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render
from app.web.identity import glance_or_none, viewer
from app.web.paging import last_number


class Item(NamedTuple):
    """A row of the inbox, as it was before it was seen."""

    notification: Notification
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
    page = notifications(viewer(), last_number(request.args.get("before")))
    taken_away, stoppable = {row.id for row in contents_to_withhold(page.items)}, stoppable_among(page.items)
    items = [_item(row, row.id in taken_away, row.id in stoppable) for row in page.items]
    answer = render(
        "inbox/index.html",
        "inbox/_items.html",
        days=[(day, list(rows)) for day, rows in groupby(items, _day)],
        last_day=request.args.get("day"),
        today=catalogue().today(clock.now()),
        more_unread=unread() - sum(item.is_new for item in items),
        next_before=page.last.id if page.last else None,
    )
    if mark_seen(page.items, clock.now()):
        db.session.commit()
    return answer


@blueprint.get("/inbox/bell")
@signed_in
def bell() -> str:
    """The bell alone, for a page that is open while a push arrives."""
    return render_template("inbox/_bell.html")


@blueprint.get("/inbox/<int:number>")
@signed_in
def open_notification(number: int) -> Response:
    """Pushes and the inbox's rows link here: mark it as read, and go on to what it is about."""
    notification = notification_of(viewer(), number) or abort(404)
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


@blueprint.post("/inbox/<int:number>/reminder-stop")
@signed_in
def stop_reminders(number: int) -> Response:
    """No more reminders of the plan that it is about."""
    notification = notification_of(viewer(), number) or abort(404)
    if not stop_reminders_of(notification, clock.now()):
        abort(404)
    db.session.commit()
    flash(gettext("We remind you of it no more."))
    return go_to("inbox.index")


def _item(notification: Notification, taken_away: bool, can_be_stopped: bool) -> Item:
    kind = kind_named(notification.kind)
    language = str(get_locale())
    words = words_of(notification.kind, notification.parameters, language, taken_away=taken_away)
    return Item(notification, words, kind.icon, kind.hue, notification.is_unread, can_be_stopped)


def _day(item: Item) -> date:
    return clock.local_date(item.notification.created_at, catalogue().timezone)
