"""Patterns of how many answered in each municipality, and what of them can be computed."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, product
from random import Random
from typing import Final

from app.models.survey import Group
from app.services.survey.ballot import Answers
from app.services.survey.release import MIN
from tests.survey.ballots import ballot, released
from tests.survey.proofs.rank import Row, functionals, too_small

#: The municipalities of the real programme.
PLACES: Final = 11
#: How many answer of each group.
Pattern = Sequence[tuple[int, int, int]]


def all_alike(counts: Iterable[int]) -> Pattern:
    """Nobody leaves out anything."""
    return [(count, count, count) for count in counts]


def small_ones() -> Iterator[Pattern]:
    """Every pattern of one to three municipalities with up to nine answers each, in any order; and of eleven with 0, 1,
    5, 6 or 7, whose order decides no more than which of equals comes first."""
    for width in (1, 2, 3):
        for counts in product(range(10), repeat=width):
            yield all_alike(counts)
    for counts in combinations_with_replacement((0, 1, 5, 6, 7), PLACES):
        yield all_alike(counts)


def with_some_left_out(number: int, seed: int = 1) -> Iterator[Pattern]:
    """At random, of two to eleven municipalities, where some leave out whole groups of statements."""
    random = Random(seed)
    for _ in range(number):
        width = random.randint(2, PLACES)
        counts = [random.choice((0, 1, 4, 5, 6, 7, 9)) for _ in range(width)]
        yield [tuple(max(0, count - random.choice((0, 0, 0, 1, 2))) for _group in Group) for count in counts]  # type: ignore[misc]


def leaks(pattern: Pattern, smallest: int = MIN) -> list[frozenset[int]]:
    """The unions that can be computed and are too small, in any group: of fewer than six answers, or with fewer than
    five others than an insider."""
    return leaks_in(rows_of(pattern), pattern, smallest)


def leaks_in(rows: Sequence[Row], pattern: Pattern, smallest: int = MIN) -> list[frozenset[int]]:
    """The same of whatever has been published."""
    of_groups = {tuple(counts[at] for counts in pattern) for at in range(len(Group))}
    return [union for counts in of_groups for union in too_small(rows, counts, smallest)] if rows else []


def rows_of(pattern: Pattern) -> list[Row]:
    """What is published when so many have answered."""
    places = [str(place) for place in range(1, len(pattern) + 1)]
    return functionals(released(_ballots(pattern), len(pattern)), places)


def _ballots(pattern: Pattern) -> list[Answers]:
    return [
        ballot(place, *(3 if number < count else None for count in counts))
        for place, counts in enumerate(pattern, 1)
        for number in range(max(counts))
    ]
