"""Reads the part of a page in which something of a survey is shown."""

import re
from collections.abc import Callable, Mapping
from math import sqrt
from typing import Final

from tests.survey.reading.facts import Facts, UnreadError
from tests.survey.reading.measurement import read_balance, read_indices
from tests.survey.reading.own_place import read_own_place
from tests.survey.reading.phrases import answered, matched, several
from tests.survey.reading.tree import Element

_SENTIMENTS: Final = ("positive", "neutral", "negative")


def _results(scope: Element, number: int, place: str) -> Facts:
    facts = _words(scope, number)
    facts.add(_headline(scope.one("div", "in"), number, facts))
    facts.add(read_indices(scope, number)).add(read_balance(scope, number))
    facts.add(read_own_place(scope, number, place))
    for paragraph in scope.all("p"):
        if "stand together" in paragraph.text:
            (names,) = matched(r"Only groups .* This time (.*) stand together\.", paragraph.take())
            facts.add({(number, "cell", slug): several(names) for slug in several(names).split()})
    return facts


def _headline(field: Element, number: int, words: Facts) -> Facts:
    """What it says of words must be what their list says."""
    order: tuple[str, ...] = words[number, "words"] or ()
    counts = {word: words[number, "word", word][0] for word in order}
    first = [word for word in order if counts[word] == counts[order[0]]]
    (leading,) = matched(r"(?:(.*) comes? first(?: together)?|[A-Z][a-z ]+)\.", field.one("h1").take())
    if leading and re.split(", | and ", leading) != first:
        raise UnreadError(f"{leading!r} would be first, and {first} are")
    below = next(one for one in field.all("p") if not one.classes).take()
    but, word, n = matched(
        r"(?:But (\d+) of us wrote “(.*?)”\. )?(?:(\d+) answered, and n|N)obody can see who wrote what\.",
        below,
    )
    if word and counts.get(word) != int(but):
        raise UnreadError(f"{but} would have written {word}")
    return answered(n, number)


def _words(scope: Element, number: int) -> Facts:
    facts = Facts()
    rows = [row for listed in scope.all("ul", "wq") for row in listed.all("li")]
    for row in rows:
        word, sentiment, count = matched(r"(.*), (\w+), (\d+)", row.take())
        facts[number, "word", word] = (int(count), sentiment)
    order = tuple(key[2] for key in facts)
    if [row.classes for row in rows] != _sizes([facts[number, "word", word] for word in order]):
        raise UnreadError("the words have other sizes than their counts")
    in_table = [
        tuple(cell.take() for cell in row.children if isinstance(cell, Element))
        for table in scope.all("tbody")
        for row in table.all("tr")
    ]
    if in_table != [
        (word, str(facts[number, "word", word][0]), facts[number, "word", word][1]) for word in order
    ]:
        raise UnreadError(f"the table has other words than the picture: {in_table}")
    is_withheld = "Fewer than thirty wrote any words." in scope.text
    facts[number, "words"] = None if is_withheld else order
    facts[number, "others"] = next(iter(_others(scope)), None)
    return facts


def _sizes(words: list[tuple[int, str]]) -> list[list[str]]:
    """From 1 to 5, by the root of the count between the least and the greatest."""
    roots = [sqrt(count) for count, _sentiment in words]
    step = (max(roots, default=0) - min(roots, default=0)) / 5 or 1
    return [
        [f"w{min(5, 1 + int((root - roots[-1]) / step))}", sentiment]
        for root, (_count, sentiment) in zip(roots, words, strict=True)
    ]


def _others(scope: Element) -> list[int]:
    found = []
    for paragraph in scope.all("p"):
        if "Whoever wrote a word chose its feeling." in paragraph.text:
            (count,) = matched(
                r"(?:Words that at least five wrote\. )?"
                r"(?:The rest is (\d+) words?, which counts? in the balance\. )?Whoever wrote .*\.",
                paragraph.take(),
            )
            found += [int(count)] if count else []
    return found


def _insights(scope: Element, number: int, _place: str) -> Facts:
    facts = read_indices(scope, number).add(read_balance(scope, number))
    (count,) = matched(
        r"(?:(\d+) answers?\. )?A difference .* Words and own municipality", scope.all("p")[0].take()
    )
    return facts.add(answered(count, number))


def _stop(scope: Element, number: int, _place: str) -> Facts:
    (count,) = matched(r"(?:(\d+) answered\. )?See the answers", scope.one("p").take())
    return answered(count, number)


def _office(scope: Element, number: int, _place: str) -> Facts:
    """The words that can be taken out."""
    options = [one for choice in scope.all("select") for one in choice.all("option")]
    words = tuple(one.text for one in options[1:])
    values = [("option", {"value": value}) for value in ("", *words)]
    if options and [shape for one in options for shape in one.shape()] != values:
        raise UnreadError(f"a word stands for something else: {[one.shape() for one in options]}")
    return Facts({(number, "words"): words} if words else {})


READERS: Final[Mapping[str, Callable[[Element, int, str], Facts]]] = {
    "survey.results": _results,
    "admin.survey": _office,
    "insights.show": _insights,
    "stages.index": _stop,
    "stages.show": _stop,
}
