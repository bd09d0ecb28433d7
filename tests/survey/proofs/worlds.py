"""Small worlds, each with everybody's answers, sorted by what is released of them.

Somebody knows the release, who answered where, and their own answer. What another one may have answered is what it is
in any of the worlds that look the same to them.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import Any, NamedTuple

#: The answers in each municipality, sorted: who gave which does not matter to what is released.
World = tuple[tuple[Any, ...], ...]


class Told(NamedTuple):
    """What a release tells one who answered `own` in `place`: that nobody in `other_place` answered `answer`."""

    place: int
    own: Any
    other_place: int
    answer: Any


def worlds(sizes: Sequence[int], answers: Sequence[Any]) -> Iterator[World]:
    """All in which so many have answered in each municipality."""
    return product(*(combinations_with_replacement(answers, size) for size in sizes))


def told(
    every: Iterable[World], release: Callable[[World], Hashable], answers: Sequence[Any]
) -> tuple[list[Told], int]:
    """What any release tells anybody about anybody else, of these answers; and how many worlds there are."""
    seen: dict[Hashable, set[Told]] = defaultdict(set)
    places, number = set[int](), 0
    for number, world in enumerate(every, 1):  # noqa: B007  the last is how many there are
        places.update(range(len(world)))
        seen[release(world)].update(_possible(world))
    excluded = [
        Told(place, own, other_place, answer)
        for possible in seen.values()
        for place, own, other_place in {(one.place, one.own, one.other_place) for one in possible}
        for answer in answers
        if Told(place, own, other_place, answer) not in possible
    ]
    return excluded, number


def _possible(world: World) -> Iterator[Told]:
    for place, others in product(range(len(world)), repeat=2):
        for own in set(world[place]):
            for answer in set(_less(world[others], own) if others == place else world[others]):
                yield Told(place, own, others, answer)


def _less(answers: tuple[Any, ...], own: Any) -> tuple[Any, ...]:
    at = answers.index(own)
    return answers[:at] + answers[at + 1 :]
