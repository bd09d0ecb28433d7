"""Addresses that differ in their query alone: a list has a dozen, and `url_for` looks for the page each time."""

from typing import Final
from urllib.parse import quote_plus

#: As `url_for` leaves them.
_PLAIN: Final = "!$'()*,/:;?@"


def with_query(path: str, **said: str | None) -> str:
    """The path with what is said of it; None says nothing."""
    pairs = [f"{name}={quote_plus(value, safe=_PLAIN)}" for name, value in said.items() if value is not None]
    query = "&".join(pairs)
    return f"{path}?{query}" if query else path
