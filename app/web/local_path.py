"""The one rule for going on or back: an address from outside leads to a page of ours, or to the start page.

It comes in `?next=`, which anybody may write into a link, or from the browser as the page that one came from.
"""

from typing import Final
from urllib.parse import urlsplit

START: Final = "/"
#: Longer than any address of ours: it is written into pages and into the session's cookie.
_LONGEST: Final = 1000


def local_path(path: str | None) -> str:
    """The path if it leads to a page of ours, else the start page: a link must not lead people to another site."""
    return path if path and _is_ours(path) else START


def path_on(origin: str, address: str | None) -> str | None:
    """Path and query of a whole address (a Referer); None if it is not on that origin (`https://host`)."""
    if not address or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
    except ValueError:  # such as half an IPv6 address
        return None
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    here = f"{parts.scheme}://{parts.netloc}".lower() == origin.lower()
    return local_path(path) if here else None


def _is_ours(path: str) -> bool:
    # Browsers take a backslash for a slash, and drop line ends and tabs before they look.
    starts_well = path.startswith("/") and not path.startswith("//")
    return starts_well and "\\" not in path and path.isprintable() and len(path) <= _LONGEST
