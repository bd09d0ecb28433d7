"""A lead reads the words before anybody else sees them: which are spellings of one, and which are not shown.

What they decide is kept beside the key alone, and closing destroys it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Survey, wait_for_turn
from app.services.search.words import stem
from app.services.survey.words import FEWEST_WRITERS, MOST_SHOWN, Review

#: How alike two spellings are, from 0 to 1, that are probably one word: one letter of six or seven is another.
_ALIKE: Final = 0.83


class ReleasedError(ValueError):
    """It has been released: nothing about the words can be changed any more."""


def keep_review(survey: Survey, review: Review, keys: SurveyKeys) -> None:
    """Keep it for later; nothing is released.

    Raises:
        ReleasedError: when somebody has released it.
        OSError: when the file cannot be written.
    """
    if not _may_be_reviewed(survey):
        raise ReleasedError
    keys.keep_review(survey.stage.number, review.as_json())


def release(survey: Survey, review: Review, keys: SurveyKeys, *, by: Person, now: datetime) -> bool:
    """Let the worker close it with this review. False when somebody has released it before: that review stays.

    Raises:
        OSError: when the file cannot be written.
    """
    if not _may_be_reviewed(survey):
        return False
    keys.keep_review(survey.stage.number, review.as_json())
    survey.reviewed_at, survey.reviewed_by_id = now, by.id
    return True


def in_circles(same_as: Mapping[str, str]) -> set[str]:
    """The words that lead to themselves, so that it is not said under which of them they are counted."""
    return {word for word in same_as if _leads_to_itself(word, same_as)}


def likely_spellings(words: Sequence[dict[str, Any]]) -> dict[str, str]:
    """For a word's key, the more frequent word that it is probably a spelling of, as that is written. `words` as a lead
    reads them, the most frequent first. Only a suggestion: near words may mean different things."""
    likely: dict[str, str] = {}
    earlier: dict[str, dict[str, str]] = defaultdict(dict)
    for one in words:
        key = one["key"]
        # Hardly anybody mistypes a first letter, and comparing all with all would take a second.
        more_frequent = earlier[key[:1]]
        match = next((other for other in more_frequent if stem(other) == stem(key)), None)
        match = match or next(iter(get_close_matches(key, more_frequent, 1, _ALIKE)), None)
        if match:
            likely[key] = more_frequent[match]
        else:
            more_frequent[key] = one["word"]
    return likely


def shown_words(words: Sequence[dict[str, Any]], review: Review) -> list[str]:
    """About what will be shown, the most frequent first. Somebody who wrote both of two spellings is counted twice here
    and once in the result, so a word may be missing there."""
    counts: Counter[str] = Counter()
    for one in words:
        counts[review.key(one["key"])] += one["count"]
    spellings = {one["key"]: one["word"] for one in words}
    shown = [
        key for key, count in counts.most_common() if count >= FEWEST_WRITERS and key not in review.blanked
    ]
    return [spellings.get(key, key) for key in shown[:MOST_SHOWN]]


def _may_be_reviewed(survey: Survey) -> bool:
    """Waits for its turn, so that the last word on the words is said before it is closed."""
    waiting = wait_for_turn(survey.stage_id)
    return waiting is not None and waiting.closed_at is None and waiting.reviewed_at is None


def _leads_to_itself(word: str, same_as: Mapping[str, str]) -> bool:
    seen, other = set[str](), same_as.get(word)
    while other is not None and other not in seen:
        if other == word:
            return True
        seen.add(other)
        other = same_as.get(other)
    return False
