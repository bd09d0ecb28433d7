"""The line finder knows where everything in a TOML file stands."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from app.services.programme.toml_lines import find_lines
from tests.programme.test_file import SHIPPED

_TEXT = '''a = 1 # x = 2
name = { sv = "}å#", en = """x
y = 3""" }
list = [
  "a]", # b = [
  [1, 2], { k = 'v' },
]
[[m]]
slug.x = "q\\""
[[m]]
"quoted key" = 2026-01-01
[m.sub]
z = 1
'''


def test_every_kind_of_value_is_found_on_its_line() -> None:
    lines = find_lines(_TEXT)
    assert lines["a",] == 1
    assert lines["name", "sv"] == lines["name", "en"] == 2
    assert lines["list",] == 4
    assert (lines["list", 0], lines["list", 1, 1], lines["list", 2, "k"]) == (5, 6, 6)
    assert (lines["m", 0], lines["m", 0, "slug", "x"], lines["m", 1]) == (8, 9, 10)
    assert (lines["m", 1, "quoted key"], lines["m", 1, "sub", "z"]) == (11, 13)


def test_everything_that_the_reader_finds_has_a_line() -> None:
    for text in (_TEXT, SHIPPED):
        lines = find_lines(text)
        assert [path for path in _paths(tomllib.loads(text)) if path not in lines] == []


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n'", exclude_categories=["Cc", "Cs"])),
        max_size=5,
    )
)
def test_no_text_in_a_string_leads_it_astray(texts: list[str]) -> None:
    file = "".join(f"k{number} = ['{text}', 1]\n" for number, text in enumerate(texts))
    lines = find_lines(file)
    assert all(lines[f"k{number}",] == number + 1 for number in range(len(texts)))


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, below in inner for found in _paths(below, (*path, key)))]
