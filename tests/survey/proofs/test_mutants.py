"""The proofs bite: with any of these rules broken, one of them fails. (That points would be seen: test_swaps.)"""

import json
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from app.models.survey import Sentiment
from app.services.survey import balance, limits, release, words
from app.services.survey.words import Review, word_figures
from tests.survey.ballots import written
from tests.survey.proofs.patterns import all_alike, leaks
from tests.survey.proofs.test_worlds import KINDS, Kind, release_of, what_is_told
from tests.survey.proofs.test_worlds_of_words import ONE_WORD, TWO_WORDS, few_words, told_by_words
from tests.survey.proofs.worlds import World

__all__ = ["few_words"]  # the fixture

_SIX = next(kind for kind in KINDS if kind.sizes == (6,))
_SIX_AND_SIX = next(kind for kind in KINDS if kind.sizes == (6, 6))


def _is_told(kind: Kind) -> bool:
    excluded, _number = what_is_told(kind)
    return bool(excluded)


def test_cells_of_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "MIN", 5)
    assert leaks(all_alike([5, 9, 9]), smallest=6)


def test_a_municipality_together_with_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the second non-empty one is for: here nobody answered in the first, and all know who lives there."""
    monkeypatch.setattr(release, "_together", lambda counts: {place for place, n in counts.items() if n < 6})
    assert leaks(all_alike([0, 5, 9]))


def test_limits_of_5_and_95(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "limits", lambda _n: (5, 95))
    assert _is_told(_SIX)


def test_limits_that_one_person_can_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_AWAY_FROM_THE_ENDS", 1)
    assert _is_told(_SIX)


def test_an_exact_index_of_all_beside_the_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = list[Fraction]()
    index, of_all = release._index, release._of_all

    def noted(means: Any, n: int) -> int:
        exact.append(sum(means, start=Fraction()) / len(means))
        return index(means, n)

    def exactly(cells: Any) -> Any:
        of_all_exactly = of_all(cells)
        engagement = [exact[-len(cells) * 3 + 3 * at] * cell.n for at, cell in enumerate(cells)]
        return of_all_exactly and {
            **of_all_exactly,
            "engagement": str(sum(engagement) / sum(c.n for c in cells)),
        }

    monkeypatch.setattr(release, "_index", noted)
    monkeypatch.setattr(release, "_of_all", exactly)
    assert _is_told(_SIX_AND_SIX)


def test_an_index_of_all_where_the_cells_are_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "_of_all", lambda _cells: {"engagement": 50, "understanding": 50, "use": 50})
    assert leaks(all_alike([2, 3]))


def test_how_many_answered_what() -> None:
    def with_distribution(world: World) -> str:
        shown = sorted(Counter(answer for answers in world for answer in answers).items())
        return release_of(_SIX)(world) + json.dumps(shown)

    assert what_is_told(_SIX, with_distribution)[0]


def test_a_second_release_after_words_were_joined() -> None:
    """Each alone tells nothing; the two together tell how many wrote the word that was joined."""

    def released_with(*reviews: Review) -> Callable[[World], str]:
        return lambda world: json.dumps(
            [word_figures([written(one) for one in world[0]], review) for review in reviews]
        )

    options, joined = ("a+", "a0", "b+", "b0"), Review(same_as={"b": "a"})
    for once in (Review(), joined):
        assert told_by_words(30, options, released_with(once))[0] == []
    assert told_by_words(30, options, released_with(Review(), joined))[0]


def test_shares_that_tell_each_other(few_words: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kept from its ends, but of exact counts."""

    def clamped_alone(shown: Any, others: Any) -> Any:
        counts = sum((counts for _sentiment, counts in shown), start=others.copy())
        return {
            one: limits.clamped(Fraction(100 * counts[one], counts.total()), counts.total())
            for one in Sentiment
        }

    monkeypatch.setattr(words, "balance", clamped_alone)
    assert told_by_words(12, ONE_WORD)[0]


def test_a_balance_that_takes_no_account_of_the_words_feelings(
    few_words: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balance, "_limits", lambda _words: Counter(dict.fromkeys(Sentiment, 2)))
    assert told_by_words(12, ONE_WORD)[0]


def test_a_rest_of_words_that_two_people_wrote(few_words: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST_OF_TWO", 0)
    assert told_by_words(12, ONE_WORD)[0]


def test_words_that_all_but_one_wrote(few_words: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "FEWEST_WRITERS", 1)
    assert told_by_words(12, ONE_WORD)[0]


def test_so_many_words_shown_that_there_are_no_others(
    few_words: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST_WORDS", 3)
    assert told_by_words(12, TWO_WORDS)[0]
