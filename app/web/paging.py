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


class RankedCursor(NamedTuple):
    """An item's place in an order by rank, moment and id. Addresses hold it as text: `3-1763880000-42`."""

    rank: int
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.rank}-{Cursor(self.at, self.id)}"

    @classmethod
    def parse(cls, text: str | None) -> "RankedCursor | None":
        """None when there is no cursor; 400 for one that this class cannot have written."""
        if not text:
            return None
        rank, _, rest = text.partition("-")
        after = Cursor.parse(rest)
        if after is None:
            raise BadRequest
        return cls(_one_number(rank), *after)


class RankCursor(NamedTuple):
    """An item's place in an order by rank and id, highest first. Addresses hold it as text: `84310-42`."""

    rank: int
    id: int

    def __str__(self) -> str:
        return f"{self.rank}-{self.id}"

    @classmethod
    def parse(cls, text: str | None) -> "RankCursor | None":
        """None when there is no cursor; 400 for one that this class cannot have written."""
        pair = two_numbers(text)
        return cls(*pair) if pair else None


def two_numbers(text: str | None) -> tuple[int, int] | None:
    """A place in a list that two numbers tell: `84310-42`. None when there is none; 400 for what no page wrote."""
    if not text:
        return None
    first, _, second = text.partition("-")
    return _one_number(first), _one_number(second)


def last_number(text: str | None) -> int | None:
    """The same for a list whose order is that of its rows' numbers: `42`."""
    return _one_number(text) if text else None


def _one_number(text: str) -> int:
    number = row_number(text)
    if number is None:
        raise BadRequest
    return number


def row_numbers(text: str | None, at_most: int) -> list[int]:
    """The rows' numbers in a text such as `7,12`, without what cannot be one."""
    numbers = (row_number(part) for part in (text or "").split(",", at_most)[:at_most])
    return [number for number in numbers if number is not None]


def row_number(text: str | None) -> int | None:
    """A row's number from an address or a form; None for what cannot be one."""
    if not text or not text.isdecimal() or len(text) > len(str(LARGEST_NUMBER)):
        return None
    return int(text) if int(text) <= LARGEST_NUMBER else None
