"""The inbox: everything that a person has been told, pushed or not."""

from datetime import date
from typing import NamedTuple

from flask import abort, flash, redirect, request
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
    notification_of,
    notifications,
)
from app.services.notifications.kinds import kind_named, words_of
from app.services.notifications.wording import Words
from app.web.access import signed_in
from app.web.catalogue import catalogue
from app.web.htmx import go_to, render
from app.web.identity import glance_or_none, viewer
from app.web.paging import last_number


class Item(NamedTuple):
    """A row of the inbox."""

    notification: Notification
    words: Words
    icon: str
    hue: str
    is_of_today: bool


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
    """Newest first; `before` and `after_today` say where an earlier page ended."""
    before = last_number(request.args.get("before"))
    page = notifications(viewer(), before)
    today, taken_away = catalogue().today(clock.now()), {row.id for row in contents_to_withhold(page.items)}
    items = [_item(notification, today, notification.id in taken_away) for notification in page.items]
    return render(
        "inbox/index.html",
        "inbox/_items.html",
        new=[item for item in items if item.is_of_today],
        earlier=[item for item in items if not item.is_of_today],
        begins=before is None,
        goes_on_earlier="earlier" in request.args,
        next_before=page.last.id if page.last else None,
    )


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


def _item(notification: Notification, today: date, taken_away: bool) -> Item:
    kind = kind_named(notification.kind)
    language = str(get_locale())
    words = words_of(notification.kind, notification.parameters, language, taken_away=taken_away)
    is_of_today = clock.local_date(notification.created_at, catalogue().timezone) == today
    return Item(notification, words, kind.icon, kind.hue, is_of_today)
