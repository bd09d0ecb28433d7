"""What may be said about the difference between two stages."""

import pytest
from flask import Flask

from app.services.survey.comparison import balance_beside, certain_change, indices_beside
from app.services.survey.publication import Index, Published, published
from tests.factories import stage
from tests.released_surveys import ALONE, cell, make_released


def read(number: int) -> Published:
    result = published("survey.results", stage(number))
    assert result
    return result


@pytest.mark.parametrize(
    ("now", "before", "n", "change"),
    [
        (Index(60), Index(55), 20, 1),
        (Index(60), Index(56), 20, 0),
        (Index(55), Index(60), 20, -1),
        (Index(56), Index(60), 20, 0),
        (Index(60), Index(60), 20, 0),
        (Index(75, "most"), Index(88), 8, 0),
        (Index(75, "most"), Index(60), 8, 1),
        (Index(88), Index(75, "most"), 8, 0),
        (Index(60), Index(75, "most"), 8, -1),
        (Index(25, "least"), Index(10), 8, 0),
        (Index(25, "least"), Index(40), 8, -1),
        (Index(10), Index(25, "least"), 8, 0),
        (Index(40), Index(25, "least"), 8, 1),
        (Index(90), Index(10), 0, 0),
    ],
)
def test_a_difference_is_one_only_when_it_is_certain(now: Index, before: Index, n: int, change: int) -> None:
    assert certain_change(now, before, n) == change


def test_the_smaller_number_of_answers_decides(app: Flask) -> None:
    make_released(1, [cell("bjuv", n=10), cell("klippan", n=10)], figures=(60, 50, 40))
    make_released(2, ALONE, figures=(64, 55, 34))
    changes = {group: figure.change for group, figure in indices_beside(read(2), read(1)).items()}
    assert changes == {"engagement": 0, "understanding": 1, "use": -1}


def test_the_balance_is_held_against_the_fewest_people_who_can_have_written_so_many_words(app: Flask) -> None:
    make_released(1, words=[("Gemenskap", 60, "positive"), ("Otydligt", 30, "negative")], others=None)
    make_released(2, balance=(65, 12, 23))
    assert [figure.change for figure in balance_beside(read(2), read(1)).values()] == [0, 0, 0]
    assert balance_beside(read(2), None)["positive"].before is None


def test_what_is_withheld_in_either_stage_is_beside_nothing(app: Flask) -> None:
    make_released(1, [], words=None)
    make_released(2)
    assert {figure.before for figure in indices_beside(read(2), read(1)).values()} == {None}
    assert {figure.before for figure in balance_beside(read(2), read(1)).values()} == {None}
    assert indices_beside(read(1), read(2)) == balance_beside(read(1), read(2)) == {}
