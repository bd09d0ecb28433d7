"""A sign-in in progress: what this browser keeps between asking for a code and typing it.

It stands in a signed cookie of its own and not in the session's, because it must outlive the browser: on a phone, the
system may end the browser while somebody reads the mail.
"""

import secrets
from typing import Final, TypedDict

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.email_address import canonical
from app.models.sign_in import CODE_LIFE
from app.web.local_path import local_path

COOKIE: Final = "sign-in"
_LIFE: Final = int(CODE_LIFE.total_seconds())
#: Browsers drop a cookie of more than 4,096 bytes without a word.
_LONGEST_PATH: Final = 500


class Joining(TypedDict):
    """The form of the first step of joining, kept in the cookie until the code proves the address."""

    join_code: str
    name: str
    title: str
    municipality_id: int


class SignInInProgress(TypedDict):
    #: The random number that ties codes, tries and limits to this browser.
    browser: str
    email: str
    next: str
    joining: Joining | None


def begin_sign_in(email: str, after: str | None, joining: Joining | None = None) -> SignInInProgress:
    """What to keep in this browser (`keep`); a browser that has asked before stays the same one."""
    path = local_path(after)
    return SignInInProgress(
        browser=this_browser(),
        email=canonical(email),
        next=path if len(path) <= _LONGEST_PATH else "/",
        joining=joining,
    )


def sign_in_in_progress() -> SignInInProgress | None:
    """The sign-in that was begun in this browser in the last ten minutes, if there is one."""
    try:
        content: SignInInProgress = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=_LIFE)
    except BadSignature:
        return None
    return content


def this_browser() -> str:
    """The browser's random number: the one in its cookie, or else a new one, the same during this request."""
    in_progress = sign_in_in_progress()
    if in_progress:
        return in_progress["browser"]
    if "new_browser" not in g:
        g.new_browser = secrets.token_urlsafe(32)
    return str(g.new_browser)


def keep(in_progress: SignInInProgress, response: Response) -> Response:
    """Set the cookie, for as long as a code lives."""
    response.set_cookie(
        COOKIE,
        _serializer().dumps(in_progress),
        max_age=_LIFE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_sign_in(response: Response) -> Response:
    response.delete_cookie(
        COOKIE, secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
    )
    return response


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="sign-in")
