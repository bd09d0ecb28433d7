"""The balance: which share of the published words was meant well, neither, or ill (docs/product.md, point 6).

Three percentages add up to a hundred, so one that is kept from 0 could be computed from the other two. Nor may they go
by anything that is not published beside them: a count that is held back would show in the last digit. Therefore the
counts themselves are moved to some that could as well have been, and the percentages are exact for these.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from app.models.survey import MOST_WORDS, Sentiment
from app.services.survey.limits import rounded

#: The most words of two people: of somebody, and of one who knows what they wrote themselves.
MOST_OF_TWO: Final = 2 * MOST_WORDS

_Counts = Counter[Sentiment]


def capped(counts: _Counts, most: int) -> _Counts:
    """With no more than so many in all, taken from the most frequent."""
    fewer = counts.copy()
    while fewer.total() > most:
        fewer[_most_frequent(fewer)] -= 1
    return fewer


def balance(words: Sequence[tuple[Sentiment, _Counts]], others: _Counts) -> dict[str, dict[str, Any]] | None:
    """Percentages of the words that are published: those shown, with the feeling that each is shown with, and the rest.
    At a limit (`at`) it is "or less" (`least`) or "or more" (`most`). None when there are too few words for limits."""
    counts = sum((counts for _shown, counts in words), start=others.copy())
    least = _limits(words)
    most = {one: counts.total() - least.total() + least[one] for one in Sentiment}
    if least.total() > counts.total():
        return None
    counts = _at_least(least, counts)
    return {
        one.value: {
            "value": rounded(Fraction(100 * counts[one], counts.total())),
            "at": "least" if counts[one] == least[one] else "most" if counts[one] == most[one] else "",
        }
        for one in Sentiment
    }


def _limits(words: Sequence[tuple[Sentiment, _Counts]]) -> _Counts:
    """How many there are of each feeling at least: more than half of each word that is shown with it, and what two
    people can have written besides. So whatever they wrote, the rest can make up for it."""
    least = Counter(dict.fromkeys(Sentiment, MOST_OF_TWO))
    for shown, counts in words:
        least[shown] += counts.total() // 2 + 1
    return least


def _at_least(least: _Counts, counts: _Counts) -> _Counts:
    """Moved from the feeling that is furthest above its limit until none is below."""
    moved = Counter({one: counts[one] for one in Sentiment})
    for one in Sentiment:
        while moved[one] < least[one]:
            moved[max(Sentiment, key=lambda other: moved[other] - least[other])] -= 1
            moved[one] += 1
    return moved


def _most_frequent(counts: _Counts) -> Sentiment:
    return max(Sentiment, key=lambda one: counts[one])
