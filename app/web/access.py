"""Access rules, one above each route. A test refuses a route that has none.

`@public`, `@signed_in` and `@role(Role.LEAD, …)` go directly under the route decorator.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.extensions import htmx
from app.models.person import Role
from app.web.identity import glance_or_none
from app.web.local_path import START, path_on

View = Callable[..., Any]


def public(view: View) -> View:
    """Anybody, signed in or not."""
    view.access_rule = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who is signed in; others are sent to sign in and come back."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if glance_or_none() else to_sign_in()

    guarded.access_rule = "signed-in"  # type: ignore[attr-defined]
    return guarded


def role(*roles: Role) -> Callable[[View], View]:
    """Only these roles; other people get 403, and those who are not signed in are sent to sign in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            glance = glance_or_none()
            if glance is None:
                return to_sign_in()
            if not glance.is_a(*roles):
                abort(403)
            return view(*args, **kwargs)

        guarded.access_rule = "role:" + ",".join(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def to_sign_in() -> Response:
    """Redirect to the sign-in page, and back afterwards: to the page itself, or after a POST to the form's page."""
    back_to = request.full_path.rstrip("?") if request.method == "GET" and not htmx else form_page()
    target = url_for("auth.login", next=back_to)
    if htmx and not htmx.boosted:
        return Response(status=401, headers={"HX-Redirect": target})
    if request.is_json or request.headers.get("X-Requested-With") == "fetch":
        # Not `abort`: an error handler calls this too, and nothing catches what an error handler raises.
        return Response(status=401)
    return redirect(target, 303)


def form_page() -> str:
    """The page of the form that was sent, if the browser tells it; else the start page."""
    return page_before() or START


def page_before() -> str | None:
    """The page of ours that the request came from, if the browser tells it."""
    return path_on(f"{request.scheme}://{request.host}", htmx.current_url if htmx else request.referrer)
