"""Reads what the results say of the reader's own municipality (templates/survey/_own_place.html)."""

from tests.survey.reading.facts import NO_PART, Facts, UnreadError
from tests.survey.reading.measurement import GROUPS
from tests.survey.reading.phrases import FIGURE, PLACES, change, figure, matched, several
from tests.survey.reading.tree import Element


def read_own_place(scope: Element, number: int, place: str) -> Facts:
    (section,) = [
        one for one in scope.all("section") if [PLACES.get(h2.text) for h2 in one.all("h2")] == [place]
    ]
    facts = _alone(section, number, place) if "own" in section.classes else _withheld(section, number, place)
    for link in section.all("a"):
        stage, name = matched(r"In stage (\d+) (\w+) stood alone\.", link.take())
        facts[int(stage), "cell", PLACES[name]] = PLACES[name]
    return facts


def _alone(section: Element, number: int, place: str) -> Facts:
    text = section.one("p", "sm").take()
    (n,) = matched(r"(\d+) answers?\.(?: “Or more” and “or less” stand .*)?", text)
    facts = Facts({(number, "cell", place): place, (number, "n", place): int(n)})
    return facts.add(_figures(section, number, place))


def _withheld(section: Element, number: int, place: str) -> Facts:
    heading = section.one("h3").text
    if heading != "Counted among other municipalities":
        reasons = {"Not part of this survey": NO_PART, "Too few answers to show": None}
        return Facts({(number, "cell", place): reasons[heading]})
    names, n = matched(r"(.*) together: (\d+) answers?\.", section.one("p", "sm").take())
    cell = several(names)
    facts = Facts({(number, "n", cell): int(n)} | {(number, "cell", slug): cell for slug in cell.split()})
    if place not in cell.split():
        raise UnreadError(f"{place} is not in {cell}")
    return facts.add(_figures(section, number, cell))


def _figures(section: Element, number: int, cell: str) -> Facts:
    facts = Facts()
    for row in section.one("dl", "sn").all("div"):
        term, before = row.one("dt"), [small.take() for small in row.one("dt").all("small")]
        group = GROUPS["".join(term.own_texts()).strip().capitalize()]
        facts[number, "index", cell, group] = figure(*matched(FIGURE, row.one("dd").take()))
        facts.add(change("".join(before), number, cell, group))
    return facts
