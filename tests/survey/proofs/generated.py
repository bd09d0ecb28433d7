"""Worlds made at random, in which so many have answered in each municipality, with what is released of them."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from app.services.survey.ballot import Answers
from tests.survey.ballots import ballot, released
from tests.survey.proofs.patterns import Pattern
from tests.survey.reading.fetching import PLACES

_WORDS: Final = ("Gemenskap", "Samarbete", "Otydligt", "Stolthet", "Annorlunda", "Trygghet", "Segt")
_SLUGS: Final = dict(enumerate(PLACES, 1))


class Generated(NamedTuple):
    #: How many answered of each group in each municipality.
    pattern: Pattern
    snapshot: dict[str, Any]


def generated(number: int, seed: int = 1) -> Iterator[Generated]:
    """In some, words or indices are withheld, somebody leaves out a group, or all are of one mind."""
    random = Random(seed)
    for _ in range(number):
        few, many = (0, 1, 3, 5, 6, 7, 9), (5, 6, 8, 14, 20, 40)
        ballots = _ballots([random.choice(random.choice((few, many, many))) for _ in PLACES], random)
        yield Generated([_answered(place, ballots) for place in _SLUGS], released(ballots, _SLUGS))


def _answered(place: int, ballots: Sequence[Answers]) -> tuple[int, int, int]:
    own = [one.marks for one in ballots if one.municipality_id == place]
    engaged, understood, used = (sum(marks[group] is not None for marks in own) for group in range(3))
    return engaged, understood, used


def _ballots(counts: Sequence[int], random: Random) -> list[Answers]:
    marks = random.choice([(1, 2, 3, 4, 5), (1, 5), (5,), (1, 2, 2), (1, 2, 3, 4, 5, 5, None)])
    most_words, feelings = random.choice((0, 1, 3, 3, 3)), random.choice(("+", "+0-", "+++0--"))
    known = _WORDS[: random.randint(1, len(_WORDS))]
    return [
        ballot(
            place,
            *(random.choice(marks) for _ in range(3)),
            words=_written(random, most_words, feelings, known),
        )
        for place, count in enumerate(counts, 1)
        for _ in range(count)
    ]


def _written(random: Random, most: int, feelings: str, known: Sequence[str]) -> str:
    """Some write what nobody else does."""
    words = [random.choice([*known, "Ensamt" + "abcdefghij"[random.randint(0, 9)]]) for _ in range(most)]
    return " ".join(word + random.choice(feelings) for word in dict.fromkeys(words))
