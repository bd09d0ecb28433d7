"""Numbers that tell nothing of how many there are between two."""

import pytest

from app.hidden_numbers import LENGTH, conceal, conceal_each, reveal

_SECRET = "a secret of this installation"


@pytest.mark.parametrize("number", [1, 2, 42, 2**31 - 1, 2**63])
def test_a_number_comes_back(number: int) -> None:
    hidden = conceal(number, _SECRET)
    assert len(hidden) == LENGTH
    assert hidden == conceal(number, _SECRET)
    assert reveal(hidden, _SECRET) == number


def test_many_are_hidden_as_each_is_alone() -> None:
    numbers = [7, 8, 7, 2**63]
    assert conceal_each(numbers, _SECRET) == [conceal(number, _SECRET) for number in numbers]
    assert conceal_each([], _SECRET) == []


def test_neighbours_have_nothing_in_common() -> None:
    hidden = {conceal(number, _SECRET) for number in range(2000)}
    assert len(hidden) == 2000
    beginnings = {text[:4] for text in hidden}
    assert len(beginnings) > 1900


@pytest.mark.parametrize("text", ["", "1", "17", "A" * LENGTH, "å" * LENGTH, "A" * 40, "%" * LENGTH])
def test_what_nobody_has_hidden_is_no_number(text: str) -> None:
    assert reveal(text, _SECRET) is None


def test_another_installation_cannot_read_it() -> None:
    assert reveal(conceal(7, _SECRET), "another secret") is None
