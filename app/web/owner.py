"""Whose a page is, told to the browser, so that what a device keeps of one person is never shown to another.

The worker of the pages (app/templates/pwa) cannot read the session cookie. It reads this header, and at `/owner` an
answer that the browser stores under the very cookie that it would send (`Vary: Cookie`).
"""

from flask import Flask, g, session
from werkzeug.wrappers import Response

OWNER = "X-Eldsjal-Owner"
NOBODY = "none"


def init_app(app: Flask) -> None:
    """Comes after the headers: what is registered last looks at an answer first, before it is told how to be cached."""
    app.after_request(_say_whose)


def owner_of(user: object) -> str:
    """The number that the page itself carries in `data-person`."""
    glance = getattr(user, "glance", None)
    return str(glance.id) if glance else NOBODY


def _say_whose(response: Response) -> Response:
    # Only where the request has looked already: an answer that needs no person must not need the database either.
    user = g.get("_login_user")
    if user is None or "Cache-Control" in response.headers:
        return response
    response.headers[OWNER] = owner_of(user)
    if _has_ended(user) and response.mimetype == "text/html":
        # The cookie has not changed, so its pages would still be found by the back button.
        response.headers.setdefault("Clear-Site-Data", '"cache"')
    return response


def _has_ended(user: object) -> bool:
    """The browser still sends the token of a session that is over: ended from elsewhere, or too old."""
    return owner_of(user) == NOBODY and "_user_id" in session
