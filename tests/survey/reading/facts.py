"""What is told of surveys, as facts: what a snapshot says in their form, and what they say in that of a snapshot.

A fact has a key and a value. Of a survey, which its stage's number names first:

    (2, "n", cell) -> int                        (2, "index", cell, group) -> (value, at)
    (2, "cell", municipality) -> cell            (2, "change", cell, group) -> 1, 0 or -1 since the stage before
    (2, "words") -> the words in their order     (2, "word", word) -> (count, sentiment)
    (2, "others") -> int                         (2, "balance", sentiment) -> (percentage, at)

A cell is the slugs of its municipalities, `"bjuv"` or `"bjuv klippan"`, or `"all"`. None is what is said to be
withheld.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.models.survey import Group, Sentiment
from app.services.survey.limits import at_limit

ALL: Final = "all"
#: The cell of a municipality that had no part in the survey.
NO_PART: Final = "no part"
Key = tuple[Any, ...]


class UnreadError(AssertionError):
    """Something is told that is no known fact, or the same twice and differently."""


class Facts(dict[Key, Any]):
    """Told twice, a fact must be the same."""

    def __setitem__(self, key: Key, value: Any) -> None:
        if key in self and self[key] != value:
            raise UnreadError(f"{key} is told as {self[key]!r} and as {value!r}")
        super().__setitem__(key, value)

    def add(self, others: Mapping[Key, Any]) -> "Facts":
        for key, value in others.items():
            self[key] = value
        return self


def facts_of(number: int, snapshot: Mapping[str, Any], places: Iterable[str]) -> Facts:
    """All that the snapshot of that stage says."""
    facts = Facts()
    cell_of = {
        slug: " ".join(cell["municipalities"])
        for cell in snapshot["cells"]
        for slug in cell["municipalities"]
    }
    for place in places:
        facts[number, "cell", place] = cell_of.get(place, NO_PART if cell_of else None)
    for cell in snapshot["cells"]:
        name = " ".join(cell["municipalities"])
        facts[number, "n", name] = cell["n"]
        for group, value in cell["indices"].items():
            facts[number, "index", name, group] = (value, at_limit(value, cell["n"]))
    facts[number, "n", ALL] = sum(cell["n"] for cell in snapshot["cells"]) or None
    for group in Group:
        facts[number, "index", ALL, group.value] = snapshot["indices"] and (snapshot["indices"][group], "")
    return facts.add(_of_words(number, snapshot))


def _of_words(number: int, snapshot: Mapping[str, Any]) -> Facts:
    words, balance = snapshot["words"], snapshot["balance"]
    shown = [one for one in words or () if one["word"]]
    facts = Facts()
    facts[number, "words"] = None if words is None else tuple(one["word"] for one in shown)
    facts[number, "others"] = snapshot["others"]
    for one in shown:
        facts[number, "word", one["word"]] = (one["count"], one["sentiment"])
    for sentiment in Sentiment:
        share = balance and balance[sentiment]
        facts[number, "balance", sentiment.value] = share and (share["value"], share["at"])
    return facts


def snapshot_of(facts: Mapping[Key, Any], number: int) -> dict[str, Any]:
    """The other way round, of all that has been told of that stage."""
    own = {key[1:]: value for key, value in facts.items() if key[0] == number}
    words = own["words",]
    cells = sorted({key[1] for key, told in own.items() if key[0] == "index" and key[1] != ALL and told})
    return {
        "cells": [
            {"municipalities": cell.split(), "n": own["n", cell], "indices": _values(own, "index", cell)}
            for cell in cells
        ],
        "indices": _values(own, "index", ALL),
        "words": None if words is None else [_word(own, word) for word in words],
        "others": own["others",],
        "balance": _balance(own),
    }


def _values(own: Mapping[Key, Any], *about: str) -> dict[str, int] | None:
    told = {group.value: own[*about, group.value] for group in Group}
    return None if None in told.values() else {group: value for group, (value, _at) in told.items()}


def _word(own: Mapping[Key, Any], word: str) -> dict[str, Any]:
    count, sentiment = own["word", word]
    return {"word": word, "count": count, "sentiment": sentiment}


def _balance(own: Mapping[Key, Any]) -> dict[str, Any] | None:
    told = {sentiment.value: own["balance", sentiment.value] for sentiment in Sentiment}
    if None in told.values():
        return None
    return {sentiment: {"value": value, "at": at} for sentiment, (value, at) in told.items()}
