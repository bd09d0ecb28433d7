"""The sentences in which something is told, in English."""

import re
from typing import Any, Final

from tests.survey.reading.facts import ALL, Facts, UnreadError

_LIMITS: Final = {None: "", "or less": "least", "or more": "most"}
_WAYS: Final = {"Up from": 1, "Down from": -1, "About as": 0}
FIGURE: Final = r"(\d+)(?: (or more|or less))?"
PLACES: Final = {"Bjuv": "bjuv", "Klippan": "klippan", "Helsingborg": "helsingborg"}


def matched(pattern: str, text: str) -> Any:
    """The groups of the whole text, as a tuple."""
    match = re.fullmatch(pattern, text)
    if match is None:
        raise UnreadError(f"{text!r} is not {pattern!r}")
    return match.groups()


def figure(value: str, at: str | None) -> tuple[int, str]:
    return int(value), _LIMITS[at]


def change(text: str, number: int, cell: str, group: str) -> Facts:
    """`Up from 50 in stage 1`, `About as in stage 1, 50 or more`; nothing where there is no stage before."""
    if not text:
        return Facts()
    before = f"stage {number - 1}"
    way, value, at, value_of_alike, at_of_alike = matched(
        rf"(Up from|Down from|About as) (?:{FIGURE} in {before}|in {before}, {FIGURE})", text
    )
    return Facts(
        {
            (number, "change", cell, group): _WAYS[way],
            (number - 1, "index", cell, group): figure(value or value_of_alike, at or at_of_alike),
        }
    )


def several(names: str) -> str:
    """The cell of `Bjuv, Klippan and Helsingborg`."""
    return " ".join(sorted(PLACES[name] for name in re.split(", | and ", names)))


def answered(count: str | None, number: int) -> Facts:
    return Facts({(number, "n", ALL): count and int(count)})
