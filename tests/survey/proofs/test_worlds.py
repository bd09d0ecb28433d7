"""Whatever somebody has answered to a statement, they may as well have answered anything else.

Seventeen kinds of small worlds, 19,041 in all, each released by the code that releases: one municipality of six to
nine, or two, three or four that stand together or alone; one or two statements to an index, and some left out.
`bin/bench survey` goes through another 75,000.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, Final, NamedTuple

import pytest

from app.models.survey import Statement
from tests.survey.ballots import ballot, released
from tests.survey.proofs.worlds import World, told, worlds


class Kind(NamedTuple):
    """Worlds with so many answers in each municipality; what an answer to the statements about engagement may be, and
    which of these nobody may be able to rule out."""

    sizes: tuple[int, ...]
    answers: Sequence[tuple[int | None, ...]]
    hidden: Sequence[tuple[int | None, ...]]


def _kind(*sizes: int, marks: str = "12345") -> Kind:
    """With one statement. `-` is that it was left out: that somebody left out an index shows in its n, and is not
    hidden."""
    answers = [(None,) if mark == "-" else (int(mark),) for mark in marks]
    return Kind(sizes, answers, [answer for answer in answers if any(answer)])


def with_several(size: int, statements: int, marks: Sequence[int | None] = range(1, 6)) -> Kind:
    """With several statements: of all answers with the same mean, one. An index is made of means alone."""
    every = [answer for answer in product(marks, repeat=statements) if any(answer)]
    answers = list({_mean(answer): answer for answer in every}.values())
    return Kind((size,), answers, answers)


def _mean(answer: tuple[int | None, ...]) -> Fraction:
    given = [mark for mark in answer if mark is not None]
    return Fraction(sum(given), len(given))


KINDS: Final = [
    *(_kind(size) for size in (6, 7, 8, 9)),
    *(_kind(*sizes, marks="135") for sizes in ((6, 6), (6, 7), (7, 8), (3, 3, 6), (1, 5, 6))),
    *(_kind(*sizes, marks="15") for sizes in ((5, 6, 7), (6, 7, 8), (2, 2, 2, 6), (0, 5, 7, 9))),
    with_several(6, 2),
    with_several(6, 2, (1, 2, 3, 4, 5, None)),
    _kind(7, marks="-12345"),
    _kind(6, 7, marks="-15"),
]


def statements_of(kind: Kind) -> list[Statement]:
    groups = ["engagement"] * len(kind.answers[0]) + ["understanding", "use"]
    return [{"slug": str(at), "group": group, "text": {"sv": group}} for at, group in enumerate(groups)]


def release_of(kind: Kind, slugs: Mapping[int, str] | None = None) -> Callable[[World], str]:
    """What is released of a world, whole: also that anything is released at all. The municipalities are called 1, 2, …
    or by their `slugs`."""
    statements = statements_of(kind)

    def release(world: World) -> str:
        everybody = [
            ballot(place, *answer, 3, 3) for place, answers in enumerate(world, 1) for answer in answers
        ]
        return json.dumps(released(everybody, slugs or len(world), statements), sort_keys=True)

    return release


def what_is_told(kind: Kind, release: Callable[[World], Any] | None = None) -> tuple[list[Any], int]:
    return told(worlds(kind.sizes, kind.answers), release or release_of(kind), kind.hidden)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.sizes}-{len(kind.answers)}")
def test_nobody_can_rule_out_what_another_one_answered(kind: Kind) -> None:
    excluded, _number = what_is_told(kind)
    assert excluded == []


def test_there_are_as_many_worlds_as_is_said() -> None:
    numbers = [sum(1 for _ in worlds(kind.sizes, kind.answers)) for kind in KINDS]
    assert (len(numbers), sum(numbers)) == (17, 19_041)
