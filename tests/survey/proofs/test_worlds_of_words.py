"""Whatever somebody has written, and felt about it, they may as well have written anything else.

Two people write six words at most, and thirty must write any: too many worlds to go through in a test. So in these one
word each is written and twelve must write: 33,880 worlds of eleven to thirteen people, in which words are shown or not,
the rest is a number or not, and there is a balance or not. `bin/bench survey` goes through all
324,632 in which thirty write one word each.
"""

import json
from collections.abc import Callable, Hashable, Sequence
from typing import Final

import pytest

from app.services.survey import balance, words
from app.services.survey.words import Review, word_figures
from tests.survey.ballots import written
from tests.survey.proofs.worlds import Told, World, told, worlds

ONE_WORD: Final = ("A+", "A0", "A-", "?+", "?0", "?-")
TWO_WORDS: Final = ("A+", "A0", "B+", "B0", "?+", "?0")


def release_of_words(world: World) -> str:
    """`?` is a word that nobody else wrote."""
    ballots = [written(one.replace("?", f"rare{at}x", 1)) for at, one in enumerate(world[0])]
    return json.dumps(word_figures(ballots, Review()), sort_keys=True)


def told_by_words(
    size: int, options: Sequence[str], release: Callable[[World], Hashable] = release_of_words
) -> tuple[list[Told], int]:
    return told(worlds([size], options), release, options)


@pytest.fixture
def few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """One word each, and twelve are enough."""
    monkeypatch.setattr(words, "FEWEST_BALLOTS", 12)
    monkeypatch.setattr(words, "MOST_WORDS", 1)
    for module in (words, balance):
        monkeypatch.setattr(module, "MOST_OF_TWO", 2)


@pytest.mark.parametrize(("size", "number"), [(11, 4368), (12, 6188), (13, 8568)])
def test_with_any_feeling(few_words: None, size: int, number: int) -> None:
    assert told_by_words(size, ONE_WORD) == ([], number)


@pytest.mark.parametrize(("size", "number"), [(12, 6188), (13, 8568)])
def test_with_two_words_that_may_be_shown(few_words: None, size: int, number: int) -> None:
    assert told_by_words(size, TWO_WORDS) == ([], number)
