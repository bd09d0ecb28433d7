"""Cursors: how an address names the last item seen, after which the next page begins (app/models/paging.py)."""

from datetime import UTC, datetime
from typing import NamedTuple

from werkzeug.exceptions import BadRequest

#: PostgreSQL's largest integer: no row has a larger number.
LARGEST_NUMBER = 2**31 - 1
#: The end of the year 9999.
_LAST_SECOND = 253_402_300_799


class Cursor(NamedTuple):
    """An item's place in an order by moment and id. Addresses hold it as text: `1763880000-42`."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{int(self.at.timestamp())}-{self.id}"

    @classmethod
    def parse(cls, text: str | None) -> "Cursor | None":
        """None when there is no cursor; 400 for one that this class cannot have written."""
        if not text:
            return None
        moment, _, number = text.partition("-")
        if not (moment.isdecimal() and number.isdecimal() and len(moment) <= len(str(_LAST_SECOND))):
            raise BadRequest
        if int(moment) > _LAST_SECOND or (after := row_number(number)) is None:
            raise BadRequest
        return cls(datetime.fromtimestamp(int(moment), UTC), after)


def row_number(text: str | None) -> int | None:
    """A row's number from an address or a form; None for what cannot be one."""
    if not text or not text.isdecimal() or len(text) > len(str(LARGEST_NUMBER)):
        return None
    return int(text) if int(text) <= LARGEST_NUMBER else None
