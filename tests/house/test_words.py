"""What may not stand in any file, and how long a file may grow."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.tracked import ROOT, name, text, tracked

pytestmark = pytest.mark.house

_MAX_LINES = 250
_MAX_LINES_OF_TESTS = 300

# In pieces, so that this file does not hold what it looks for.
_REGISTRIES = [
    "".join(pieces)
    for pieces in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("npm", "js.com"),
        ("yarn", "pkg.com"),
        ("deb.", "debian.org"),
        ("security.", "debian.org"),
        ("archive.", "ubuntu.com"),
        ("crates", ".io"),
        ("unpkg", ".com"),
        ("js", "delivr.net"),
        ("cdn", "js.com"),
    )
]
_LEFT_OPEN = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b|pytest\.mark\.x" + "fail")
_ISSUE_NUMBER = re.compile(r"(?<![&#\w/])#\d{1,4}\b(?!\.\d)|\b[Ii]ssues? (no\.? ?)?\d+\b")

_RELATIVE_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")
_CODE = re.compile(r"(`+)(.+?)\1(?!`)", re.DOTALL)
_PATH = re.compile(r"[\w./*-]+")
_FILE_IN_A_FOLDER = re.compile(r"[\w.-]+(/[\w.-]+)*/[\w.-]+\.(py|html|css|js|toml|md)")


def _holding(pattern: re.Pattern[str], *files: Path) -> list[str]:
    return [
        f"{name(path)}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in enumerate((text(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert _holding(re.compile("|".join(map(re.escape, _REGISTRIES))), *tracked()) == []


def test_nothing_is_left_open() -> None:
    assert _holding(_LEFT_OPEN, *tracked("app", "tests", "bench", "bin", "migrations", "docs", "*.md")) == []


def test_no_text_refers_to_an_issue_by_number() -> None:
    files = tracked("*.py", "*.md", "*.js", "*.html", "*.toml", "bin", ".ci")
    assert _holding(_ISSUE_NUMBER, *(path for path in files if "vendor" not in path.parts)) == []


def test_links_between_documents_lead_to_files() -> None:
    dead = [
        (name(path), target)
        for path in tracked("*.md")
        for target in _RELATIVE_LINK.findall(text(path) or "")
        if not (path.parent / target).exists()
    ]
    assert dead == []


def test_documents_name_paths_that_exist() -> None:
    dead = [
        (name(path), written)
        for path in tracked("*.md")
        for _, code in _CODE.findall(text(path) or "")
        for written in _paths_in(code)
        if not _exists(written)
    ]
    assert dead == []


def _paths_in(code: str) -> list[str]:
    """What begins in one of the project's folders (`*` stands for any name), and files in folders, shortened or not."""
    words = (word.strip("\"'():,;").rstrip(".") for word in code.split())
    return [
        word
        for word in words
        if _FILE_IN_A_FOLDER.fullmatch(word)
        or (_PATH.fullmatch(word) and word.partition("/")[0] in _folders() and "/" in word)
    ]


def _exists(written: str) -> bool:
    return any(ROOT.glob(written)) or any(path.endswith(f"/{written}") for path in _names())


@cache
def _names() -> tuple[str, ...]:
    return tuple(name(path) for path in tracked())


@cache
def _folders() -> frozenset[str]:
    return frozenset(path.partition("/")[0] for path in _names() if "/" in path)


def test_a_python_file_is_one_subject_long() -> None:
    lengths = {name(path): len((text(path) or "").splitlines()) for path in tracked("*.py")}
    assert {path: length for path, length in lengths.items() if length > _most_lines(path)} == {}


def _most_lines(path: str) -> float:
    if path.startswith("migrations/versions/"):
        return float("inf")  # written by Alembic: one long list of tables
    return _MAX_LINES_OF_TESTS if path.startswith("tests/") else _MAX_LINES
