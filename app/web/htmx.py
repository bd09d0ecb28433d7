"""The only reader of HTMX's request headers."""

from typing import Any

from flask import Response, render_template, url_for

from app.extensions import htmx


def wants_fragment() -> bool:
    """A fragment only for an HX request that is neither boosted nor a history restore; else the whole page."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """The page, or only the fragment that it includes, whichever was asked for."""
    markup = render_template(fragment if wants_fragment() else page, **context)
    return Response(markup, status, {"Vary": "HX-Request"}, content_type="text/html; charset=utf-8")


def go_to(endpoint: str, **values: Any) -> Response:
    """Answer a mutation with another page: 303 for a browser, HX-Redirect for HTMX."""
    return go_to_path(url_for(endpoint, **values))


def go_to_path(location: str) -> Response:
    """The same with a path, for a thing that knows its own (`path`)."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": location})
    return Response(status=303, headers={"Location": location})
