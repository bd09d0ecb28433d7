"""A sign-in in progress: what the session cookie holds between asking for a code and typing it."""

from typing import TypedDict

from flask import session

from app.email_address import canonical
from app.web.local_path import local_path

_SESSION_KEY = "entering"


class Joining(TypedDict):
    """The form of the first step of joining, kept in the cookie until the code proves the address."""

    join_code: str
    name: str
    title: str
    municipality_id: int


class SignInInProgress(TypedDict):
    email: str
    next: str
    joining: Joining | None


def begin_sign_in(email: str, after: str | None, joining: Joining | None = None) -> None:
    session[_SESSION_KEY] = SignInInProgress(email=canonical(email), next=local_path(after), joining=joining)


def sign_in_in_progress() -> SignInInProgress | None:
    """The sign-in that was begun in this browser, if there is one."""
    return session.get(_SESSION_KEY)
