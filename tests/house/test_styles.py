"""Styles are for markup that exists: what no template, route or script names is deleted with it."""

import re
from pathlib import Path

import pytest

from tests.house.tracked import ROOT, name, tracked

pytestmark = pytest.mark.house

_CLASS = re.compile(r"\.([a-z][\w-]*)")
_WORD = re.compile(r"[a-z][\w-]*")
#: Put together from a number or a mark: places and shades of map and tables, sizes of words, hues of the values.
_MADE = re.compile(r"(c|r|l|lv|w)\d|v-[mvkg]")
#: The cascade layers that each folder's sheets fill.
_LAYERS = {
    "foundation": {"tokens", "base"}, "components": {"components"}, "screens": {"screens"}, "alone": {"screens"},
}  # fmt: skip
_SHEETS = tracked("app/static/css/*.css")


def test_every_sheet_is_part_of_the_one_stylesheet_or_loaded_by_a_screen() -> None:
    listed = re.findall(r'@import "(.+?)"', (ROOT / "app/static/css/app.css").read_text())
    pages = "".join(path.read_text() for path in tracked("app/templates/*.html"))
    alone = set(re.findall(r"asset_url\('css/(alone/.+?)'\)", pages))
    assert sorted([*listed, *alone]) == sorted(
        _from_folder(path) for path in _SHEETS if path.name != "app.css"
    )


@pytest.mark.parametrize("sheet", _SHEETS, ids=name)
def test_a_sheet_lies_in_the_folder_of_its_cascade_layer(sheet: Path) -> None:
    layers = set(re.findall(r"@layer (\w+) \{", sheet.read_text()))
    assert layers <= _LAYERS.get(sheet.parent.name, set())


def _from_folder(sheet: Path) -> str:
    return sheet.relative_to(ROOT / "app/static/css").as_posix()


@pytest.mark.parametrize("sheet", _SHEETS, ids=name)
def test_every_class_stands_in_some_markup(sheet: Path) -> None:
    rules = re.sub(r"/\*.*?\*/|\"[^\"]*\"|@import.*", "", sheet.read_text(), flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", rules)
    classes = {
        found for selector in selectors for found in _CLASS.findall(selector) if not _MADE.fullmatch(found)
    }
    assert sorted(classes - _words()) == []


def _words() -> set[str]:
    markup = tracked(
        "app/templates/*", "app/blueprints/*.py", "app/web/*.py", "app/models/*.py", "app/static/js/*.js"
    )
    return {word for path in markup for word in _WORD.findall(path.read_text())}
