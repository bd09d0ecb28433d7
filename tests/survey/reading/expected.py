"""Which of the facts each publication tells to whom: for everybody else it must be nothing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from app.models.survey import Group, Sentiment
from tests.survey.reading.facts import ALL, NO_PART, Facts, Key

#: All facts of a stage and of the one before, and the municipality of whoever reads.
_Told = Callable[[Mapping[Key, Any], int, str], Iterator[Key]]


def expected(endpoint: str, facts: Mapping[Key, Any], number: int, place: str) -> Facts:
    told = Facts({key: facts[key] for key in TOLD[endpoint](facts, number, place)})
    for _, _, cell, group in [key for key in told if key[1] == "index" and key[0] == number - 1]:
        told[number, "change", cell, group] = _change(facts, number, cell, group)
    return told


def _all(facts: Mapping[Key, Any], number: int, _place: str) -> Iterator[Key]:
    return (key for key in facts if key[0] == number)


def _number_who_answered(_facts: Mapping[Key, Any], number: int, _place: str) -> Iterator[Key]:
    yield number, "n", ALL


def _words_alone(facts: Mapping[Key, Any], number: int, _place: str) -> Iterator[Key]:
    """Where there are none, it does not say why."""
    if facts[number, "words"]:
        yield number, "words"


def _all_together(facts: Mapping[Key, Any], number: int, _place: str) -> Iterator[Key]:
    """With those of the stage before, where there are any of both."""
    yield number, "n", ALL
    for about in [("index", ALL, group.value) for group in Group] + [
        ("balance", one.value) for one in Sentiment
    ]:
        yield number, *about
        if facts[number, *about] and facts[number - 1, *about]:
            yield number - 1, *about


def _results(facts: Mapping[Key, Any], number: int, place: str) -> Iterator[Key]:
    """Those of all together, the words, and those of the reader's own municipality."""
    yield from _all_together(facts, number, place)
    yield from (key for key in facts if key[0] == number and key[1] in ("words", "word", "others"))
    cell, before = facts[number, "cell", place], facts[number - 1, "cell", place]
    yield number, "cell", place
    yield from (
        key for key in facts if key[:2] == (number, "cell") and " " in (facts[key] or "").replace(NO_PART, "")
    )
    if before == place:
        yield from [(number - 1, "cell", place)] if cell != place else ()
    if cell not in (None, NO_PART):
        yield number, "n", cell
        for group in Group:
            yield number, "index", cell, group.value
            if cell == before == place:
                yield number - 1, "index", cell, group.value


TOLD: Final[Mapping[str, _Told]] = {
    "survey.results": _results,
    "admin.survey": _words_alone,
    "insights.show": _all_together,
    "insights.show_json": _all,
    "stages.index": _number_who_answered,
    "stages.show": _number_who_answered,
}


def _change(facts: Mapping[Key, Any], number: int, cell: str, group: str) -> int:
    """Point 7 of docs/product.md: none below 100/n, nor where what is "or more" may be more than what is greater."""
    (now, at), (before, at_before) = (facts[stage, "index", cell, group] for stage in (number, number - 1))
    n = min(facts[stage, "n", cell] for stage in (number, number - 1))
    if abs(now - before) * n < 100:
        return 0
    way = 1 if now > before else -1
    hides_it = ("least", "most") if way > 0 else ("most", "least")
    return 0 if (at == hides_it[0] or at_before == hides_it[1]) else way
