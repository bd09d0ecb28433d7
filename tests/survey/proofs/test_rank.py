"""Of all that is published together, no union of municipalities with fewer than six answers can be computed, and
whoever answered one of them still faces five.

2,475 patterns of one to eleven municipalities, and 400 in which some leave out whole groups; of each the 2,047 unions
of eleven, and again less one insider of every kind. Numbers are fractions throughout. `bin/bench survey` tries 100,000.
"""

from itertools import combinations

import pytest

from tests.survey.ballots import cells
from tests.survey.proofs.patterns import PLACES, all_alike, leaks, rows_of, small_ones, with_some_left_out
from tests.survey.proofs.rank import computable, is_computable, reduced


def test_no_union_of_fewer_than_six_can_be_computed() -> None:
    patterns = list(small_ones())
    assert len(patterns) == 10 + 100 + 1000 + 1365
    assert [pattern for pattern in patterns if leaks(pattern)] == []


def test_nor_where_some_leave_out_whole_groups() -> None:
    assert [pattern for pattern in with_some_left_out(400) if leaks(pattern)] == []


@pytest.mark.parametrize(
    "counts", [(0, 2, 5, 6, 8, 8, 9, 7, 6, 0, 3), (6,) * 11, (1, 1, 7, 7, 7, 1, 1, 9, 9, 9, 9)]
)
def test_the_sums_find_the_unions_that_the_rank_finds(counts: tuple[int, ...]) -> None:
    """All 2,047 unions, one after the other."""
    rows = reduced(rows_of(all_alike(counts)))
    unions = (
        frozenset(union) for size in range(1, PLACES + 1) for union in combinations(range(PLACES), size)
    )
    by_rank = {union for union in unions if is_computable(union, rows, PLACES)}
    assert set(computable(rows, PLACES)) == by_rank
    assert by_rank


def test_the_cells_of_a_programme_like_ours_are_all_that_can_be_computed() -> None:
    """Eleven municipalities, of which two have fewer than six: nine cells alone, one of two or three."""
    counts = (3, 5, 6, 7, 8, 9, 10, 12, 20, 31, 90)
    assert len(cells(*counts)) == 10
    assert leaks(all_alike(counts)) == []
