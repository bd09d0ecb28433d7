"""Which unions of municipalities can be computed from a release, by exact linear algebra.

Worst case: every published index is taken as the exact sum of its cell, and who answered where as known.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

#: What the answers of all municipalities are multiplied by in something that is published.
Row = list[Fraction]


def functionals(release: Mapping[str, Any], places: Sequence[str]) -> list[Row]:
    """What a snapshot tells of each group, as rows over the municipalities: each cell, and the programme's index, which
    with the cells' n is the sum of what it is made of."""
    cells = [_indicator(cell["municipalities"], places) for cell in release["cells"]]
    of_all = [_indicator(places, places)] if release["indices"] else []
    return cells + of_all


def too_small(rows: Sequence[Row], counts: Sequence[int], smallest: int) -> list[frozenset[int]]:
    """The unions that can be computed and have fewer answers than `smallest`; and then, for one insider in each
    municipality in turn, those in which the others are fewer than `smallest - 1`: insiders take their own off."""
    found = _of_fewer(rows, counts, smallest)
    for place in _one_of_each_kind(rows, counts):
        others = [count - (at == place) for at, count in enumerate(counts)]
        found += _of_fewer(rows, others, smallest - 1)
    return found


def computable(rows: Sequence[Row], width: int) -> Iterator[frozenset[int]]:
    """Every union that is a combination of the rows. A combination that is 0 or 1 everywhere is so where the reduced
    rows begin, so that each is the sum of some of these: of 2^rank sums, those are found that are a union."""
    basis = [[_plain(one) for one in row] for row in reduced(rows)]
    sums: list[list[Any]] = [[0] * width]
    for row in basis:
        sums += [[a + b for a, b in zip(one, row, strict=True)] for one in sums]
    for one in sums:
        if any(one) and all(value in (0, 1) for value in one):
            yield frozenset(at for at, value in enumerate(one) if value)


def is_computable(union: frozenset[int], rows: Sequence[Row], width: int) -> bool:
    """The same by the rank itself: whether it stays as it is when the union is added."""
    target = [Fraction(at in union) for at in range(width)]
    return len(reduced([*rows, target])) == len(rows)


def _of_fewer(rows: Sequence[Row], counts: Sequence[int], smallest: int) -> list[frozenset[int]]:
    # Where nobody else answered there is nothing to find out: whoever knows that leaves the column out.
    somewhere = [at for at, count in enumerate(counts) if count]
    narrow = [[row[at] for at in somewhere] for row in rows]
    unions = computable(narrow, len(somewhere))
    wide = (frozenset(somewhere[at] for at in union) for union in unions)
    return [union for union in wide if sum(counts[at] for at in union) < smallest]


def _one_of_each_kind(rows: Sequence[Row], counts: Sequence[int]) -> list[int]:
    """Of municipalities with as many answers that appear in the same rows, one: the others are like it."""
    kinds: dict[Any, int] = {}
    for place, count in enumerate(counts):
        if count:
            kinds.setdefault((count, tuple(row[place] for row in rows)), place)
    return list(kinds.values())


def _indicator(slugs: Sequence[str], places: Sequence[str]) -> Row:
    return [Fraction(place in slugs) for place in places]


def _plain(number: Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


def reduced(rows: Sequence[Row]) -> list[Row]:
    """In reduced row echelon form, without the rows that say nothing new."""
    left, done = [list(row) for row in rows], list[Row]()
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        unit = [one / pivot[column] for one in pivot]
        left = [_minus(row, unit, row[column]) for row in left]
        done = [*(_minus(row, unit, row[column]) for row in done), unit]
    return done


def _minus(row: Row, other: Row, times: Fraction) -> Row:
    return [a - times * b for a, b in zip(row, other, strict=True)] if times else row
