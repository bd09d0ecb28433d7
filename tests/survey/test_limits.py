"""Figures that stay away from their ends, and how they are rounded."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.survey.limits import at_limit, clamped, limits, rounded
from app.services.survey.publication import direction


@pytest.mark.parametrize(
    ("n", "expected"),
    [(6, (34, 66)), (7, (29, 71)), (8, (25, 75)), (30, (7, 93)), (200, (1, 99)), (300, (1, 99))],
)
def test_the_limits_are_what_two_people_can_move(n: int, expected: tuple[int, int]) -> None:
    assert limits(n) == expected == (ceil(Fraction(200, n)), floor(100 - Fraction(200, n)))


@pytest.mark.parametrize(
    ("exact", "shown"), [("49.5", 50), ("50.4999", 50), ("0.5", 1), ("49.4999", 49), ("99.5", 100)]
)
def test_halves_go_up(exact: str, shown: int) -> None:
    assert rounded(Fraction(exact)) == shown


def test_a_half_is_a_half_though_no_binary_fraction_is_it() -> None:
    assert rounded(Fraction(345, 10)) == 35
    assert rounded(Fraction(29, 2)) == 15
    assert round(14.5) == 14, "what must not happen"


def test_at_a_limit_it_says_so() -> None:
    assert (clamped(Fraction(0), 8), at_limit(25, 8)) == (25, "least")
    assert (clamped(Fraction(100), 8), at_limit(75, 8)) == (75, "most")
    assert (clamped(Fraction(60), 8), at_limit(60, 8)) == (60, "")


@given(st.fractions(0, 100), st.integers(6, 500))
def test_no_figure_is_past_its_limits_and_none_between_is_moved(exact: Fraction, n: int) -> None:
    low, high = limits(n)
    shown = clamped(exact, n)
    assert low <= shown <= high
    assert shown == rounded(exact) or shown in {low, high}


@given(st.integers(6, 500))
def test_two_people_at_an_end_and_the_rest_at_the_other_do_not_get_past_it(n: int) -> None:
    """Whatever somebody and one who knows their own answer have answered, the limit could have stood there."""
    low, high = limits(n)
    assert rounded(Fraction(200, n)) <= low
    assert rounded(100 - Fraction(200, n)) >= high


@pytest.mark.parametrize(
    ("now", "before", "n", "expected"),
    [(60, 50, 10, 1), (59, 50, 10, 0), (50, 60, 10, -1), (50, 51, 99, 0), (50, 50, 10, 0), (60, 50, 0, 0)],
)
def test_a_difference_that_one_person_can_make_is_none(now: int, before: int, n: int, expected: int) -> None:
    assert direction(now, before, n) == expected
