"""Reads the analysis as JSON: every key must be known."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.models.survey import Group, Sentiment
from tests.survey.reading.facts import ALL, NO_PART, Facts, UnreadError

#: What is not of a survey, and must be the same whatever was answered.
OF_SURVEY: Final = ("associations", "indices", "other_municipalities")


def read_document(document: dict[str, Any], number: int) -> Facts:
    """Takes out of the document what it reads."""
    facts = _associations(document.pop("associations"), number)
    facts.add(_indices(document.pop("indices"), number, ALL))
    several, cell = document.pop("other_municipalities"), ""
    if several is not None:
        cell = " ".join(_known(several, "municipalities", "indices")["municipalities"])
        facts.add(_indices(several["indices"], number, cell))
    for place, figures in document["municipalities"].items():
        _demand_no_associations(figures.pop("associations"))
        facts.add(_municipality(figures.pop("indices"), number, place, cell))
    return facts


def _municipality(figures: dict[str, Any] | None, number: int, place: str, several: str) -> Facts:
    if figures is None:
        return Facts({(number, "cell", place): NO_PART})
    told = _indices(figures, number, place)
    if not figures["suppressed"]:
        return told.add({(number, "cell", place): place})
    if any(value is not None for value in told.values()):
        raise UnreadError(f"{place} is suppressed and told")
    return Facts({(number, "cell", place): several if place in several.split() else None})


def _indices(figures: dict[str, Any], number: int, cell: str) -> Facts:
    _known(figures, *Group, "n", "at_limit", "suppressed")
    facts = Facts({(number, "n", cell): figures["n"]})
    for group, told in _with_limits(figures, Group).items():
        facts[number, "index", cell, group] = told
    return facts


def _associations(figures: dict[str, Any], number: int) -> Facts:
    _known(figures, *Sentiment, "words", "others", "at_limit", "suppressed")
    words, facts = figures["words"], Facts()
    facts[number, "words"] = None if words is None else tuple(one["word"] for one in words)
    for one in words or ():
        _known(one, "word", "count", "sentiment")
        facts[number, "word", one["word"]] = (one["count"], one["sentiment"])
    facts[number, "others"] = _known(figures["others"], "count", "suppressed")["count"]
    for sentiment, told in _with_limits(figures, Sentiment).items():
        facts[number, "balance", sentiment] = told and (_percentage(told[0]), told[1])
    return facts


def _with_limits(figures: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    limits = figures["at_limit"]
    if not set(limits) <= set(names):
        raise UnreadError(f"limits of something else: {limits}")
    return {
        str(name): None if figures[name] is None else (figures[name], limits.get(name, "")) for name in names
    }


def _demand_no_associations(figures: dict[str, Any] | None) -> None:
    told = _associations(figures, 0) if figures else Facts()
    if any(value is not None for value in told.values()):
        raise UnreadError(f"associations of a municipality: {told}")


def _percentage(share: float) -> int:
    if round(share * 100) / 100 != share:
        raise UnreadError(f"a share of {share} is told more exactly than in percent")
    return round(share * 100)


def _known(what: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    if set(what) != set(keys):
        raise UnreadError(f"{sorted(set(what) ^ set(keys))} in {what}")
    return what
