"""Keyset paging: a cursor names the last item seen, so a page costs the same however far down it is."""

from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.exceptions import BadRequest

PAGE_SIZE = 20


@dataclass(frozen=True)
class Cursor:
    """The place after an item in an order by (moment, id), both descending. In an address: `1763880000-42`."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{int(self.at.timestamp())}-{self.id}"

    @classmethod
    def parse(cls, text: str | None) -> "Cursor | None":
        """None for no cursor; 400 for one that we did not write."""
        if not text:
            return None
        moment, _, number = text.partition("-")
        if not (moment.isdecimal() and number.isdecimal() and len(text) < 40):
            raise BadRequest
        return cls(datetime.fromtimestamp(int(moment), UTC), int(number))
