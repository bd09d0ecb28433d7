"""Figures that stay away from the ends: at 0 or 100 they would tell what everybody answered."""

from fractions import Fraction
from math import floor
from typing import Final

#: How far from either end a percentage stays, in people.
_AWAY_FROM_THE_ENDS: Final = 2


def clamped(percentage: Fraction, n: int) -> int:
    """Rounded, and kept from 0 and 100 by what two of `n` people can move. What stands at a limit is "or more" or "or
    less"; whether it would have stood there anyway, nobody can tell."""
    low, high = limits(n)
    return min(max(rounded(percentage), low), high)


def limits(n: int) -> tuple[int, int]:
    """The least and the greatest percentage that is shown of `n` people (docs/product.md, point 5)."""
    least = -(-100 * _AWAY_FROM_THE_ENDS // n)  # rounded up
    return least, 100 - least


def at_limit(value: int, n: int) -> str:
    """`least` or `most` for a figure that is "or less" or "or more"; empty for one between."""
    low, high = limits(n)
    return "least" if value <= low else "most" if value >= high else ""


def rounded(figure: Fraction) -> int:
    """Halves go up, and no binary fraction decides."""
    return floor(figure + Fraction(1, 2))
