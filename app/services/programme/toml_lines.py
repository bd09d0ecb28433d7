"""Finds the line of each value in a TOML file, which `tomllib` does not tell.

The text has been accepted by `tomllib` already, so nothing is checked here.
"""

import re

#: From the root to a value: keys, and the numbers of list elements from 0.
Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(
    r"""[ \t]*(?:"(?P<basic>(?:[^"\\]|\\.)*)"|'(?P<literal>[^']*)'|(?P<bare>[\w-]+))[ \t]*"""
)
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


def find_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every table, key and list element in the text."""
    return _Finder(text).read()


class _Finder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {(): 1}
        self.lengths: dict[Path, int] = {}

    def read(self) -> dict[Path, int]:
        table: Path = ()
        self._skip_blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip_blank()
        return self.lines

    def _header(self) -> Path:
        element = self.text.startswith("[[", self.at)
        line = self._line()
        self.at += 2 if element else 1
        path = self._resolve(self._key())
        self.at += 2 if element else 1
        self._note(path, line)
        if not element:
            return path
        number = self.lengths.get(path, 0)
        self.lengths[path] = number + 1
        self._note((*path, number), line)
        return (*path, number)

    def _resolve(self, keys: list[str]) -> Path:
        """`[a.b]` below `[[a]]` means the latest element of a."""
        path: Path = ()
        for key in keys[:-1]:
            path = (*path, key)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return (*path, keys[-1])

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._key():
            path = (*path, key)
            self._note(path, line)
        self.at += 1  # the equals sign
        self._value(path)

    def _key(self) -> list[str]:
        keys = []
        while match := _KEY_PART.match(self.text, self.at):
            keys.append(match["basic"] or match["literal"] or match["bare"] or "")
            self.at = match.end()
            if self.text[self.at] != ".":
                break
            self.at += 1
        return keys

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self.text[self.at]
        if opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            match = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            self.at = match.end() if match else len(self.text)

    def _list(self, path: Path) -> None:
        number = 0
        while self._goes_on("]"):
            self._note((*path, number), self._line())
            self._value((*path, number))
            number += 1

    def _inline_table(self, path: Path) -> None:
        while self._goes_on("}"):
            self._pair(path)

    def _goes_on(self, closing: str) -> bool:
        """Step over the opening bracket or the comma; over the closing bracket too when it is next."""
        self._skip_blank()
        if self.text[self.at] != closing:
            self.at += self.text[self.at] in "[{,"
            self._skip_blank()
        if self.text[self.at] == closing:
            self.at += 1
            return False
        return True

    def _note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _skip_blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
