"""Reads indices and balance, as several pages draw them (templates/components/measurement.html)."""

from typing import Final

from app.models.survey import Sentiment
from tests.survey.reading.facts import ALL, Facts, UnreadError
from tests.survey.reading.phrases import FIGURE, PLACES, change, figure, matched
from tests.survey.reading.shapes import demand_bar, demand_dots, demand_key
from tests.survey.reading.tree import Element

GROUPS: Final = {"Engagement": "engagement", "Understanding": "understanding", "Use": "use"}
_HUES: Final = {"engagement": "k-ember", "understanding": "k-sund", "use": "k-bok"}


def read_indices(scope: Element, number: int) -> Facts:
    """Of all together, beside those of the stage before and of one's own municipality."""
    facts = Facts()
    for key in scope.all("ul", "key"):
        _read_key(key, number)
    for row in (row for drawn in scope.all("ul", "ix") for row in drawn.all("li")):
        facts.add(_read_index(row, number))
    return facts or Facts({(number, "index", ALL, group): None for group in GROUPS.values()})


def _read_key(key: Element, number: int) -> None:
    for row in key.all("li"):
        text = row.take()
        meanings = {f"Stage {number - 1}": "before", f"Stage {number}, all": "now"}
        demand_key(row.one("svg"), meanings.get(text) or ("own" if text in PLACES else text))


def _read_index(row: Element, number: int) -> Facts:
    group = GROUPS[row.one("h3").text]
    if row.classes != [_HUES[group]]:
        raise UnreadError(f"the index of {group} is marked {row.classes}")
    (value,) = matched(r"(\d+) of 100", row.one("p", "n").take())
    facts = Facts({(number, "index", ALL, group): (int(value), "")})
    before, place, own, at = matched(
        rf"(?:((?:Up|Down|About).*?)\.(?= |$))? ?(?:(\w+): {FIGURE}\.)?", row.one("p", "at").take()
    )
    facts.add(change(before or "", number, ALL, group))
    if place:
        facts[number, "index", PLACES[place], group] = figure(own, at)
    earlier = facts.get((number - 1, "index", ALL, group))
    demand_dots(row.one("svg"), int(value), earlier and earlier[0], int(own) if place else None)
    return facts


def read_balance(scope: Element, number: int) -> Facts:
    """Three shares, in words and as bars, beside those of the stage before."""
    drawn = scope.all("div", "bal")
    if not drawn:
        return Facts({(number, "balance", sentiment.value): None for sentiment in Sentiment})
    facts = Facts()
    for row, sentiment in zip(drawn[0].one("ul", "bal3").all("li"), Sentiment, strict=True):
        facts.add(_read_share(row, sentiment, number))
    bars = [svg for svg in drawn[0].all("svg") if svg.attributes.get("role") == "img"]
    for bar, css, stage in zip(bars, ("", "was"), (number, number - 1), strict=False):
        _read_bar(bar, css, stage, facts)
    note = f"The thick bar is stage {number}, the thin one stage {number - 1}."
    if [one.take() for one in drawn[0].all("p", "sm")] != [note] * (len(bars) - 1):
        raise UnreadError("the bars are said to be of other stages")
    return facts


def _read_share(row: Element, sentiment: Sentiment, number: int) -> Facts:
    if row.classes != [sentiment.value]:
        raise UnreadError(f"the share of what is {sentiment} is marked {row.classes}")
    share = FIGURE.replace(")(?:", ")%(?:", 1)
    now, at, before, at_before = matched(f"{share} {sentiment.value}(?: was {share})?", row.take())
    facts = Facts({(number, "balance", sentiment.value): figure(now, at)})
    if before:
        facts[number - 1, "balance", sentiment.value] = figure(before, at_before)
    return facts


def _read_bar(bar: Element, css: str, stage: int, facts: Facts) -> None:
    told = {one.value: facts[stage, "balance", one.value] for one in Sentiment}
    words = {"": "", "least": " or less", "most": " or more"}
    shares = ", ".join(f"{value}%{words[at]} {sentiment}" for sentiment, (value, at) in told.items())
    label = f"Stage {stage}: {shares}"
    demand_bar(bar, css, label, [(sentiment, value) for sentiment, (value, _at) in told.items()])
