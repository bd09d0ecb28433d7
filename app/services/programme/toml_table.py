"""Reading a hand-written TOML file so that its author learns of every fault at once: line, key, what is wrong and
what is allowed.

A `Table` gives its values by key and notes what is wrong with them; what it gives in place of a wrong one is only there
so that the reading can go on, and must not be used while there are faults.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.services.programme.toml_lines import Path, find_lines

NO_DAY = date.max
_LANGUAGES = ("sv", "en")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class FileError(ValueError):
    """The file is refused; nothing was changed. `faults` are whole lines for the author, in the file's order."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Faults:
    """What is wrong with one file."""

    file_name: str
    lines: dict[Path, int]
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: Path, what: str) -> None:
        line = self.line_of(path)
        self.found.append((line, f"{self.file_name}:{line}: {_written(path)}: {what}"))

    def line_of(self, path: Path) -> int:
        """Of the value, or where it is missing, of the nearest table around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def refuse_if_any(self) -> None:
        if self.found:
            raise FileError([text for _line, text in sorted(self.found)])


class Table:
    """One table of the file. Ask for every key that it may have, then `close` it: what is left over is unknown."""

    def __init__(self, data: dict[str, Any], path: Path, faults: Faults) -> None:
        self._data = data
        self._asked: list[str] = []
        self.path = path
        self.faults = faults

    def text(self, key: str) -> str:
        value = self._required(key, "a text")
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._wrong(key, value, "a text that is not empty")
        return ""

    def slug(self, key: str = "slug") -> str:
        return self._checked(
            key, lambda value: bool(_SLUG.fullmatch(value)), "small letters a-z, digits and single dashes"
        )

    def one_of(self, key: str, allowed: Collection[str], described: str = "") -> str:
        value = self._required(key, described or f"one of {', '.join(allowed)}")
        if isinstance(value, str) and value in allowed:
            return value
        self._wrong(key, value, described or f"one of {', '.join(allowed)}", _did_you_mean(value, allowed))
        return ""

    def matching(self, key: str, pattern: re.Pattern[str], described: str) -> str:
        return self._checked(key, lambda value: bool(pattern.fullmatch(value)), described)

    def whole(self, key: str, low: int, high: int) -> int:
        allowed = f"a whole number from {low} to {high}"
        value = self._required(key, allowed)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._wrong(key, value, allowed)
        return low

    def day(self, key: str) -> date:
        """A wrong one is given as `NO_DAY`."""
        allowed = "a date from 2000 to 2100 such as 2026-09-07, without quotes"
        value = self._required(key, allowed)
        if isinstance(value, date) and not isinstance(value, datetime) and 2000 <= value.year <= 2100:
            return value
        self._wrong(key, value, allowed)
        return NO_DAY

    def local(self, key: str) -> dict[str, str]:
        """A text by language; Swedish is demanded, since it is what other languages fall back on."""
        table = self.table(key, f'a text by language, such as {key}.sv = "…"')
        texts = {"sv": table.text("sv")} if table else {"sv": ""}
        if table and "en" in table._data:
            texts["en"] = table.text("en")
        if table:
            table.close(_LANGUAGES)
        return texts

    def texts(self, key: str, described: str, good: Callable[[str], bool]) -> list[str]:
        """A list of at least one text, each `good`."""
        allowed = f"a list of at least one text, each {described}"
        values = self._required(key, allowed)
        if not isinstance(values, list) or not values:
            self._wrong(key, values, allowed)
            return []
        for number, value in enumerate(values):
            if not isinstance(value, str) or not good(value):
                self.faults.add((*self.path, key, number), f"must be {described}, not {_shown(value)}")
        return [value for value in values if isinstance(value, str)]

    def pair(self, key: str, low: int, high: int) -> tuple[int, int]:
        allowed = f"two whole numbers from {low} to {high}, such as [3, 1]"
        value = self._required(key, allowed)
        if (
            isinstance(value, list)
            and len(value) == 2
            and all(type(n) is int and low <= n <= high for n in value)
        ):
            return value[0], value[1]
        self._wrong(key, value, allowed)
        return -1, -1

    def table(self, key: str, allowed: str = "") -> "Table | None":
        value = self._required(key, allowed or f"a table [{key}]")
        if isinstance(value, dict):
            return Table(value, (*self.path, key), self.faults)
        self._wrong(key, value, allowed or f"a table [{key}]")
        return None

    def tables(self, key: str) -> list["Table"]:
        """At least one `[[key]]`."""
        values = self._required(key, f"at least one [[{key}]]")
        if isinstance(values, list) and values and all(isinstance(value, dict) for value in values):
            return [
                Table(value, (*self.path, key, number), self.faults) for number, value in enumerate(values)
            ]
        self._wrong(key, values, f"at least one [[{key}]]")
        return []

    def optional_table(self, key: str) -> "Table | None":
        return self.table(key) if key in self._data else None

    def keys(self) -> list[str]:
        return list(self._data)

    def wrong(self, key: str, what: str) -> None:
        self.faults.add((*self.path, key), what)

    def close(self, also: Collection[str] = ()) -> None:
        """Everything has been asked for; what the file has beside it is a slip of the pen."""
        known = [*self._asked, *also]
        for key in self._data:
            if key not in known:
                self.wrong(
                    key,
                    f"is unknown; allowed here: {', '.join(dict.fromkeys(known))}{_did_you_mean(key, known)}",
                )

    def _checked(self, key: str, good: Callable[[str], bool], described: str) -> str:
        value = self._required(key, described)
        if isinstance(value, str) and good(value):
            return value
        self._wrong(key, value, described)
        return ""

    def _required(self, key: str, allowed: str) -> Any:
        self._asked.append(key)
        if key not in self._data:
            self.wrong(key, f"is missing; must be {allowed}")
        return self._data.get(key)

    def _wrong(self, key: str, value: object, allowed: str, hint: str = "") -> None:
        if key in self._data:
            self.wrong(key, f"must be {allowed}, not {_shown(value)}{hint}")


def read_toml(text: str, file_name: str) -> Table:
    """The root table of the text.

    Raises:
        FileError: when it is no TOML at all.
    """
    text = text.removeprefix("\ufeff")  # some editors begin a file with a mark of its encoding
    try:
        data = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # also a number of thousands of digits, brackets within brackets
        what, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = line[1] if line else text.count("\n") + 1
        said = f"{what[:1].lower()}{what[1:]}"
        raise FileError(
            [f"{file_name}:{number}: this is not TOML: {said}{_as_written(text, number)}"]
        ) from error
    return Table(data, (), Faults(file_name, find_lines(text)))


def _as_written(text: str, number: str | int) -> str:
    """The line, and what a line may be: a fault of the language itself has no key to name."""
    line = "".join(text.splitlines()[int(number) - 1 : int(number)]).strip()[:80]
    return f'; a line is key = "a text", a number, a date or a [[heading]], not: {line}' if line else ""


def _written(path: Path) -> str:
    """`municipalities[3].pool`; list elements count from 1, as people do."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".") or "the file"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else str(value)


def _did_you_mean(given: object, allowed: Collection[str]) -> str:
    near = difflib.get_close_matches(str(given), allowed, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
