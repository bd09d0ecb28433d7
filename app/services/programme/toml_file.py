"""Reads a hand-written TOML file so that its author is told every fault at once: line, key, what is wrong and what is
allowed."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.services.programme.file_faults import FileError
from app.services.programme.model_faults import faults_in_words
from app.services.programme.toml_lines import Path, find_lines
from app.text import trimmed

_Form = TypeVar("_Form", bound=BaseModel)


@dataclass
class TomlFile:
    """The file's data, and the faults that have been found in it."""

    name: str
    data: dict[str, Any]
    lines: dict[Path, int]
    faults: dict[Path, set[str]] = field(default_factory=dict)

    def check(self, model: type[_Form], data: dict[str, Any], path: Path = ()) -> _Form | None:
        """The data, which is from that path, as the model. None when it has faults, which are added to `faults`."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for below, what in faults_in_words(error, model, data):
                self.add((*path, *below), what)
            return None

    def add(self, path: Path, what: str) -> None:
        self.faults.setdefault(path, set()).add(what)

    def column(self, group: str, key: str) -> dict[int, Any]:
        """The values of the key in the entries `[[group]]`, by their places; only those that are given and have
        no fault."""
        if self._is_wrong((group,)):
            return {}
        places = range(len(self.data.get(group, ())))
        valid = [
            place
            for place in places
            if not self._is_wrong((group, place, key)) and key in self.data[group][place]
        ]
        return {place: _as_stored(self.data[group][place][key]) for place in valid}

    def line_of(self, path: Path) -> int:
        """The line of the value; if it is missing, of the nearest table around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def refusal(self) -> FileError:
        faults = [
            (self.line_of(path), f"{_path_as_text(path)}: {what}")
            for path, sentences in self.faults.items()
            for what in sentences
        ]
        return FileError([f"{self.name}:{line}: {fault}" for line, fault in sorted(faults)])

    def _is_wrong(self, path: Path) -> bool:
        """Whether it, or something around it, has a fault."""
        return any(path[:length] in self.faults for length in range(1, len(path) + 1))


def read_toml(text: str, file_name: str) -> TomlFile:
    """The file, not yet checked.

    Raises:
        FileError: when it is not TOML.
    """
    text = text.removeprefix("\ufeff")  # some editors begin a file with a mark of its encoding
    try:
        return TomlFile(file_name, tomllib.loads(text), find_lines(text))
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        match = re.search(r"line (\d+)", place)
        line = int(match[1]) if match else text.count("\n") + 1
        raise _not_toml(file_name, line, f"{what[:1].lower()}{what[1:]}{_line_hint(text, line)}") from error
    except ValueError as error:
        raise _not_toml(file_name, _longest_line(text), "a number has thousands of digits") from error
    except RecursionError as error:
        raise _not_toml(file_name, _longest_line(text), "brackets stand too deep in brackets") from error


def _not_toml(file_name: str, line: int, what: str) -> FileError:
    return FileError([f"{file_name}:{line}: this is not TOML: {what}"])


def _line_hint(text: str, number: int) -> str:
    """The line itself and what a line may be, since a fault in the TOML has no key that could be named."""
    line = "".join(text.splitlines()[number - 1 : number]).strip()[:80]
    return f'; a line is key = "a text", a number, a date or a [[heading]], not: {line}' if line else ""


def _longest_line(text: str) -> int:
    """The likely line of thousands of digits or brackets, which `tomllib` does not tell."""
    lengths = [len(line) for line in text.split("\n")]
    return lengths.index(max(lengths)) + 1


def _as_stored(value: Any) -> Any:
    """As the models read it: clean, and a list as a tuple, so that it can be compared."""
    if isinstance(value, str):
        return trimmed(value)
    return tuple(value) if isinstance(value, list) else value


def _path_as_text(path: Path) -> str:
    """`municipalities[3].pool`; list elements count from 1, as people do."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".") or "the file"
