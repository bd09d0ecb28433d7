"""Links in what people write: which there are, how they are shown, and how many a newcomer may send."""

import re
from datetime import datetime, timedelta
from typing import Final

from jinja2.utils import urlize
from markupsafe import Markup, escape

from app.models.person import Person

#: For so long somebody is new here, and sends no more than one link at a time: a flood begins with new accounts.
NEW_FOR: Final = timedelta(days=7)
_MOST_OF_NEWCOMERS: Final = 1
#: Search engines give a link no weight, and the page that it leads to gets no hold on ours.
_REL: Final = "nofollow noopener ugc"
#: Every address has one of them within it. Most texts have no address, and looking for one takes long.
_WITHIN_ADDRESSES: Final = re.compile(r"[.:]\S")


class TooManyLinksError(ValueError):
    """Somebody who is new here may not send so many links."""


def linked(text: str) -> Markup:
    """The text, escaped, with its addresses as links. Only what begins with http, https, www or mailto becomes one."""
    if not _WITHIN_ADDRESSES.search(text):
        return escape(text)
    return Markup(urlize(text, rel=_REL))  # noqa: S704 - urlize escapes everything


def link_count(text: str) -> int:
    """How many of its addresses are shown as links."""
    return linked(text).count("<a href=")


def demand_few_links(by: Person, text: str, now: datetime) -> None:
    """Raises:
    TooManyLinksError: more than a newcomer may send.
    """
    here_since = by.signed_in_at or by.joined_at
    if now - here_since < NEW_FOR and link_count(text) > _MOST_OF_NEWCOMERS:
        raise TooManyLinksError
