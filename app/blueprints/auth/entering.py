"""What the cookie carries between asking for a code and typing it."""

from typing import TypedDict

from flask import session

from app.web.local_path import local_path

_KEY = "entering"


class Joining(TypedDict):
    """The first step of joining, kept by the one who filled it in until the code proves the address."""

    join_code: str
    name: str
    title: str
    municipality_id: int


class Entering(TypedDict):
    email: str
    next: str
    joining: Joining | None


def begin(email: str, after: str | None, joining: Joining | None = None) -> None:
    session[_KEY] = Entering(email=email.strip().lower(), next=local_path(after), joining=joining)


def entering() -> Entering | None:
    """What was begun in this browser; None when nothing was."""
    return session.get(_KEY)
