"""Security headers on every answer."""

from flask import Flask
from werkzeug.wrappers import Response

from app.web.identity import glance_or_none

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
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    headers = dict(_HEADERS)
    if app.config["SETTINGS"].secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def _secure(response: Response) -> Response:
        response.headers.extend(headers)
        # The page of a signed-in person must not stay in shared caches, nor be shown by the back button after sign-out.
        if "Cache-Control" not in response.headers and glance_or_none():
            response.headers["Cache-Control"] = "private, no-cache"
        return response
