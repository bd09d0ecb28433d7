"""Text that sorts by code point on both engines, so that a beginning is a range of its index."""

from typing import Any

from sqlalchemy import ColumnElement, String, and_

#: The type of such a column.
CodePoints = String().with_variant(String(collation="C"), "postgresql")
#: Sorts after every character that a word may contain.
_AFTER_ALL = "\U0010ffff"


def begins_with(column: Any, beginning: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Condition: the text begins like that."""
    return and_(column >= beginning, column < beginning + _AFTER_ALL)
