"""Constraints that several tables have."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint


def one_of(column: str, allowed: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words; named after the column."""
    words = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} in ({words})", name=column)
