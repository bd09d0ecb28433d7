"""Cells and indices: which municipalities stand alone, which together, and what is said of each."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.survey import Statement
from tests.survey.ballots import ballot, cells, released, same

_TWO_OF_ENGAGEMENT: list[Statement] = [
    {"slug": "a", "group": "engagement", "text": {"sv": "a"}},
    {"slug": "b", "group": "engagement", "text": {"sv": "b"}},
    {"slug": "c", "group": "understanding", "text": {"sv": "c"}},
    {"slug": "d", "group": "use", "text": {"sv": "d"}},
]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((6, 7, 8), [("1", 6), ("2", 7), ("3", 8)]),  # nobody below six: each alone
        ((3, 3, 9), [("3", 9), ("1 2", 6)]),  # two together are six
        ((5, 9, 8), [("2", 9), ("1 3", 13)]),  # one below: the next smallest comes too
        ((0, 5, 7, 9), [("4", 9), ("1 2 3", 12)]),  # nobody there is no second one
        ((0, 7, 9, 20), [("4", 20), ("1 2 3", 16)]),  # nor is it with one that would stand alone
        ((1, 1, 1, 9), []),  # it would take all
        ((1, 1, 1, 9, 9), [("5", 9), ("1 2 3 4", 12)]),  # three are not six
        ((5, 6), []),
        ((0, 6), []),
        ((5,), []),
        ((6,), [("1", 6)]),
        ((0, 0, 0), []),
        ((2, 2, 2, 6), [("4", 6), ("1 2 3", 6)]),
    ],
)
def test_the_smallest_stand_together(counts: tuple[int, ...], expected: list[tuple[str, int]]) -> None:
    assert cells(*counts) == expected


def test_of_equals_the_one_with_the_lower_number_comes_first() -> None:
    assert cells(7, 5, 7) == [("3", 7), ("1 2", 12)]


def test_where_nothing_stands_there_is_no_figure_of_all_either() -> None:
    assert released(same(5, 1) + same(6, 2), 2)["indices"] is None


def test_n_is_that_of_the_index_with_fewest_answers() -> None:
    answers = [*same(6, 1), ballot(1, 4, None, 4), ballot(1, 4, None, None)]
    assert released(answers, 1)["cells"][0]["n"] == 6
    assert released(answers[1:], 1)["cells"] == []  # seven of engagement, five of understanding


def test_a_ballots_index_is_the_mean_of_what_it_answered() -> None:
    """5 and a statement left out is 100; 5 and 1 is 50. The mean of the ballots, not of the marks."""
    answers = [ballot(1, 5, None, 3, 3), *[ballot(1, 5, 1, 3, 3)] * 5]
    engagement = (100 + 5 * 50) / 6
    assert released(answers, 1, _TWO_OF_ENGAGEMENT)["cells"][0]["indices"] == {
        "engagement": round(engagement),
        "understanding": 50,
        "use": 50,
    }


def test_a_half_goes_up_in_a_cell() -> None:
    answers = [
        *same(4, 1, 4),
        *same(2, 1, 3),
        *same(2, 1, 2),
    ]  # 400 of 8 is 50, and one more step of 4 is 50.5
    assert released(answers, 1)["cells"][0]["indices"]["use"] == 56  # (4·75 + 2·50 + 2·25) / 8 = 56.25
    assert released([*same(3, 1, 4), *same(5, 1, 3)], 1)["cells"][0]["indices"]["use"] == 59  # 59.375
    assert released([*same(2, 1, 4), *same(6, 1, 3), *same(2, 1, 5)], 1)["cells"][0]["indices"]["use"] == 65
    assert released([*same(1, 1, 4), *same(9, 1, 3)], 1)["cells"][0]["indices"]["use"] == 53  # 52.5


def test_a_cell_says_no_more_than_its_limits() -> None:
    assert released(same(8, 1, 5), 1)["cells"][0]["indices"]["use"] == 75
    assert released(same(8, 1, 1), 1)["cells"][0]["indices"]["use"] == 25


def test_the_programmes_index_is_that_of_the_published_cells() -> None:
    """Six at the limit of 66 and twenty at 50: the six hundreds behind the limit are nowhere."""
    of_all = released(same(6, 1, 5) + same(20, 2, 3), 2)
    assert of_all["indices"]["engagement"] == round((66 * 6 + 50 * 20) / 26)


def test_a_ballot_of_a_municipality_that_is_gone_counts_for_the_words_alone() -> None:
    answers = [*same(6, 1), ballot(99, 1, 1, 1, words="Borta-")]
    assert released(answers, 1) == released(same(6, 1), 1)


def test_nothing_but_these_figures_is_released() -> None:
    whole = released(same(9, 1) + same(7, 2), 2)
    assert set(whole) == {"cells", "indices", "words", "others", "balance"}
    assert {key for cell in whole["cells"] for key in cell} == {"municipalities", "n", "indices"}
    assert set(whole["indices"]) == {"engagement", "understanding", "use"}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=11))
def test_every_cell_has_six_and_no_municipality_is_left_out_or_twice(counts: list[int]) -> None:
    found = cells(*counts)
    places = [place for names, _n in found for place in names.split()]
    assert all(n >= 6 for _names, n in found)
    assert sorted(places, key=int) == [str(place) for place in range(1, len(counts) + 1)] or not places
    for names, _n in found:
        together = [counts[int(place) - 1] for place in names.split()]
        assert len(together) == 1 or sum(count > 0 for count in together) >= 2


@given(st.lists(st.integers(0, 9), min_size=2, max_size=5), st.integers())
def test_the_order_of_the_ballots_does_not_matter(counts: list[int], seed: int) -> None:
    random = Random(seed)
    answers = [ballot(place, random.randint(1, 5), random.randint(1, 5), 3, words="Ord+")
               for place, count in enumerate(counts, 1) for _ in range(count)]  # fmt: skip
    shuffled = random.sample(answers, len(answers))
    assert released(answers, len(counts)) == released(shuffled, len(counts))
