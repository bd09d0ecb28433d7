"""Whoever is limited for a time reads everything, and is refused what others would see. They may take away what is
theirs, answer a decision about it, and set what concerns themselves alone."""

import inspect
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import quote

from flask import Response, flash, g, make_response
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from app import clock
from app.web.access import View
from app.web.filters import clock_time, day
from app.web.htmx import wants_fragment
from app.web.identity import glance_or_none

Until = Callable[[], datetime | None]


class LimitedError(Forbidden):
    """The description says until when."""


def limited_until() -> datetime | None:
    """Until when whoever is signed in is limited; None for who is not."""
    glance = glance_or_none()
    return not_yet_over(glance.limited_until) if glance else None


def not_yet_over(until: datetime | None) -> datetime | None:
    return until if until and until > clock.now() else None


def not_while_limited(view: View) -> View:
    """For what others would see and what has no brake; it goes under the access rule."""
    return refused_while_limited(view, form=False)


def refused_while_limited(view: View, *, form: bool, when: Until = limited_until) -> View:
    """A form comes back as it was filled, as when the brake refuses it; else our page for what one may not. `when` says
    until when whoever acts is limited."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        until = when()
        if until is None:
            return view(*args, **kwargs)
        if not form:
            raise LimitedError(limited_sentence(until))
        g.is_refused = True
        if not wants_fragment():
            flash(limited_sentence(until), "error")
        response = make_response(inspect.unwrap(view)(*args, **kwargs))
        if response.status_code == 422:
            response.status_code = 403
            say_to_script(response, limited_sentence(until))
        return response

    return guarded


def say_to_script(response: Response, sentence: str) -> None:
    """The scripts say it in the place of their own word for what failed (static/js/htmx-requests.js)."""
    response.headers["X-Refusal"] = quote(sentence)


def limited_sentence(until: datetime) -> str:
    return _(
        "You can read but not write until %(day)s %(time)s. What you have written is kept.",
        day=day(until, True),
        time=clock_time(until),
    )
