"""Whether a form that changes something was sent from a page of ours: asked beside its token, where people use https.

Browsers say it in up to three headers, and people, extensions and proxies take some of them away. One that is right is
enough; `Origin` is believed first, since nobody has a reason to shorten it.
"""

from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError

from app.config import Settings
from app.text import foreign

log = structlog.get_logger()


class ForeignOriginError(CSRFError):
    """The form stood on a page of another site."""


class NoOriginError(CSRFError):
    """The browser says in no way where the form stood."""


class WrongHostError(CSRFError):
    """The form stood on a page of ours, but the request comes with another host: a proxy in front has changed it."""


def init_app(app: Flask) -> None:
    """Comes after the check of the token, and asks only where a token was demanded."""
    app.before_request(_demand_own_origin)


def _demand_own_origin() -> None:
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.secure or not g.get("csrf_valid"):
        return
    origin, site = _origin(), request.headers.get("Sec-Fetch-Site")
    if origin == f"https://{request.host}".lower() or (not origin and site == "same-origin"):
        return
    g.csrf_valid = False
    if not origin:
        raise NoOriginError
    if origin != settings.base_url.lower() and site != "same-origin":
        raise ForeignOriginError
    _tell_operator(origin)
    raise WrongHostError


def _origin() -> str:
    """`https://host` of the page with the form, in lower case; empty when the browser does not say."""
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        return origin.lower()
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return "unreadable"
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def _tell_operator(origin: str) -> None:
    log.error(
        "forms are refused: the proxy in front does not pass on the host that people use",
        browser_is_on=foreign(origin),
        host_that_arrives=foreign(request.host),
        mend="let the proxy send the browser's Host (nginx: proxy_set_header Host $host), or X-Forwarded-Host with "
        "TRUSTED_PROXIES set to the number of proxies",
    )
