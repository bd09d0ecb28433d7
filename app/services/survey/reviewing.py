"""A lead reads the words before anybody else sees them: which are spellings of one, and which are not shown.

What they decide is kept beside the key alone, and closing destroys it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from app.gateways.survey_keys import SurveyKeys
from app.models.person import Person
from app.models.survey import Survey, wait_for_turn
from app.services.activities.locking import OvertakenError
from app.services.search.words import stem
from app.services.survey.words import FEWEST_WRITERS, MOST_SHOWN, Review

#: How alike two spellings are, from 0 to 1, that are probably one word: one letter of six or seven is another.
_ALIKE: Final = 0.83


class ReleasedError(ValueError):
    """It has been released: nothing about the words can be changed any more."""


class Choice(NamedTuple):
    """What somebody chose about a word: it is the `same_as` another, or hidden, or neither."""

    word: str
    same_as: str
    is_hidden: bool


def keep_review(survey: Survey, review: Review, keys: SurveyKeys, *, based_on: str) -> None:
    """Keep it for later; nothing is released. `based_on` is the stamp of the review that the lead saw.

    Raises:
        ReleasedError: when somebody has released it.
        OvertakenError: when another lead has kept other choices meanwhile.
        OSError: when the file cannot be written.
    """
    waiting = wait_for_turn(survey.stage_id)  # so that the last word on the words is said before it is closed
    if waiting is None or waiting.closed_at or waiting.reviewed_at:
        raise ReleasedError
    number = survey.stage.number
    standing = Review.from_json(keys.review(number))
    if standing != review and standing.stamp != based_on:
        raise OvertakenError
    keys.keep_review(number, review.as_json())


def release(
    survey: Survey, review: Review, keys: SurveyKeys, *, based_on: str, by: Person, now: datetime
) -> None:
    """Let the worker close it with this review. Raises what `keep_review` does: of two who release, the first one's
    review stays."""
    keep_review(survey, review, keys, based_on=based_on)
    survey.reviewed_at, survey.reviewed_by_id = now, by.id


def choices_that_differ(words: Sequence[dict[str, Any]], theirs: Review, ours: Review) -> list[Choice]:
    """Theirs, of the words about which ours is another."""
    spellings = {one["key"]: one["word"] for one in words}
    chosen = {key: _choice(key, theirs, spellings) for key in spellings}
    return [choice for key, choice in chosen.items() if choice != _choice(key, ours, spellings)]


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


def _choice(key: str, review: Review, spellings: Mapping[str, str]) -> Choice:
    other = review.same_as.get(key, "")
    return Choice(spellings[key], spellings.get(other, other), key in review.blanked)


def _leads_to_itself(word: str, same_as: Mapping[str, str]) -> bool:
    seen, other = set[str](), same_as.get(word)
    while other is not None and other not in seen:
        if other == word:
            return True
        seen.add(other)
        other = same_as.get(other)
    return False
