"""The balance: which share of the published words was meant well, neither, or ill (docs/product.md, point 6).

Three percentages add up to a hundred, so one that is kept from 0 could be computed from the other two. Nor do they go
by anything that is not published beside them: a count that is held back would show in the last digit. Therefore the
counts themselves are moved to some that could as well have been, and the percentages are exact for these.
"""

from collections import Counter
from collections.abc import Iterable
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


def balance(published: Iterable[_Counts]) -> dict[str, dict[str, Any]]:
    """Percentages of the words that are published, each of which two people at least may have written or not. At a
    limit (`at`) it is "or less" (`least`) or "or more" (`most`)."""
    counts = _with_two_people_each(sum(published, start=Counter()))
    least, most = MOST_OF_TWO, counts.total() - (len(Sentiment) - 1) * MOST_OF_TWO
    return {
        one.value: {
            "value": rounded(Fraction(100 * counts[one], counts.total())),
            "at": "least" if counts[one] == least else "most" if counts[one] == most else "",
        }
        for one in Sentiment
    }


def _with_two_people_each(counts: _Counts) -> _Counts:
    """Moved from the most frequent until of each there are as many as two people can have written. There are enough for
    that: thirty wrote a word, and few are not published."""
    moved = Counter({one: counts[one] for one in Sentiment})
    for one in Sentiment:
        while moved[one] < MOST_OF_TWO:
            moved[_most_frequent(moved)] -= 1
            moved[one] += 1
    return moved


def _most_frequent(counts: _Counts) -> Sentiment:
    return max(Sentiment, key=lambda one: counts[one])
