"""Routes whose use is noted nowhere: the time of it beside a name would help to tell whose answer is whose, or the
address itself is a secret."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request


def leaves_no_trace(view: Callable[..., Any]) -> Callable[..., Any]:
    """The device is not recorded as used (app/web/identity.py), the browser stores no page (app/web/headers.py), and an
    error is logged without the address (app/web/errors.py). It stands beside the access rule."""
    view.leaves_no_trace = True  # type: ignore[attr-defined]
    return view


def is_untraced() -> bool:
    """Whether the requested route is one of these."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "leaves_no_trace")
