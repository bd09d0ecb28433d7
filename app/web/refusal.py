"""When a limit refuses a form, it comes back as it was filled, with a sentence about when it can be sent again."""

import inspect
import math
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import flash, g, make_response
from flask_babel import format_timedelta
from flask_limiter import RateLimitExceeded

from app.extensions import limiter
from app.web.access import View
from app.web.htmx import wants_fragment

#: The refusal as a sentence; it is given how long to wait, in words.
Words = Callable[[str], str]


def keeps_form(words: Words) -> Callable[[View], View]:
    """For a route that shows its form again when that is not valid. It goes above the limits.

    When one of them refuses, the route runs all the same, but no form in it is valid (app/web/forms.py): so it shows
    what was written, as it does for other faults, and the answer becomes a 429. Scripts show a message of their own
    and leave the form alone.
    """

    def decorate(limited_view: View) -> View:
        view = inspect.unwrap(limited_view)

        @wraps(limited_view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return limited_view(*args, **kwargs)
            except RateLimitExceeded:
                g.is_refused = True
            if not wants_fragment():
                flash(words(_wait()), "error")
            response = make_response(view(*args, **kwargs))
            if response.status_code == 422:
                response.status_code = 429
            return response

        return guarded

    return decorate


def is_refused() -> bool:
    """Whether a limit refuses this request, so that nothing may be written."""
    return bool(g.get("is_refused", False))


def _wait() -> str:
    """Until the limit that refuses lets something through again: "4 minutes"."""
    breached = limiter.current_limit
    # `reset_at` is a second after the end of the window.
    seconds = breached.reset_at - 1 - time.time() if breached else 0
    wait = timedelta(minutes=math.ceil(seconds / 60))
    return str(format_timedelta(wait, granularity="minute", threshold=1))
