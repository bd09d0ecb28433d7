"""Security headers on every answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.wrappers import Response

from app.web.identity import glance_or_none
from app.web.trace import is_untraced

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Comes last: it puts the headers on whatever answers, also the front end's files and the page of last resort."""
    headers = dict(_HEADERS)
    if app.config["SETTINGS"].secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    app.after_request(_keep_private)
    app.wsgi_app = _SecureAnswers(app.wsgi_app, headers)  # type: ignore[method-assign]


def _keep_private(response: Response) -> Response:
    """The page of a signed-in person must not stay in shared caches, nor be shown by Back after sign-out; and
    what whoever comes by sees of a story goes when that is hidden."""
    if "Cache-Control" not in response.headers and (response.mimetype == "text/html" or glance_or_none()):
        response.headers["Cache-Control"] = "no-store" if is_untraced() else "private, no-cache"
    return response


class _SecureAnswers:
    """Around everything that answers. A header that an answer has already is left as it is."""

    def __init__(self, inner: "WSGIApplication", headers: dict[str, str]) -> None:
        self._inner = inner
        self._headers = [(name, text, name.lower()) for name, text in headers.items()]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            present = {name.lower() for name, _text in headers}
            missing = [(name, text) for name, text, lower in self._headers if lower not in present]
            return start_response(status, headers + missing, *exc_info)

        return self._inner(environ, start)
