"""Addresses that a mail carries and that say for whom they are: signed, so that nobody makes one for somebody else."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer

from app.models.notification import Group

#: Providers show their own button for an old mail too.
_UNSUBSCRIBING_LASTS: Final = timedelta(days=366)
_SIGN_IN_LASTS: Final = timedelta(days=60)
#: No signature of ours for one purpose is one for another.
_TO_UNSUBSCRIBE: Final = "unsubscribe from mail"
_TO_SIGN_IN: Final = "fill in the sign-in"


class Site(NamedTuple):
    """Where the pages are, and what addresses are signed with."""

    base_url: str
    secret: str


class Unsubscription(NamedTuple):
    """What an address switches off for whom: one group of kinds, or, without one, the digest itself."""

    person_id: int
    group: Group | None


def unsubscribe_address(person_id: int, group: Group | None, site: Site, now: datetime) -> str:
    what = [person_id, group.value if group else ""]
    return f"{site.base_url}/unsubscribe/{_sign(_TO_UNSUBSCRIBE, what, site, now + _UNSUBSCRIBING_LASTS)}"


def read_unsubscribe_token(token: str, *, secret: str, now: datetime) -> Unsubscription | None:
    """None when it is not ours, is for something else, or has run out."""
    content = _read(_TO_UNSUBSCRIBE, token, secret, now)
    if content is None:
        return None
    person_id, group = content
    return Unsubscription(person_id, Group(group) if group else None)


def sign_in_address(person_id: int, path: str, site: Site, now: datetime) -> str:
    """The page at that path, through a sign-in that is filled in: the link names the person by number and not by
    address, and lets nobody in."""
    who = _sign(_TO_SIGN_IN, [person_id], site, now + _SIGN_IN_LASTS)
    return f"{site.base_url}/login?{urlencode({'next': path, 'who': who}, safe='/')}"


def read_sign_in_token(token: str, *, secret: str, now: datetime) -> int | None:
    """The number of the person whose mail it was."""
    content = _read(_TO_SIGN_IN, token, secret, now)
    return content[0] if content else None


def _sign(purpose: str, content: list[Any], site: Site, until: datetime) -> str:
    return str(URLSafeSerializer(site.secret, salt=purpose).dumps([int(until.timestamp()), *content]))


def _read(purpose: str, token: str, secret: str, now: datetime) -> list[Any] | None:
    try:
        until, *content = URLSafeSerializer(secret, salt=purpose).loads(token)
    except BadData:
        return None
    return content if now.timestamp() < until else None
