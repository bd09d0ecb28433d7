"""What an author is told of a wrong value, whatever it is and wherever it stands."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.services.programme.file_faults import FileError
from app.services.programme.reading import read_programme
from app.services.programme.schema import ProgrammeFile
from tests.programme.test_file import small

_ODD = [
    "true", "-1", "0", "3.5", "nan", "-inf", '""', '" "', '"""two\nlines"""', "[]", "[[1], [2]]", "[true, 1]",
    "[1.0, 2]", "[1, 2, 3]", "{}", "{ a = 1 }", "2026-09-07T10:00:00", "10:00:00", "9" * 4000, "0x" + "f" * 5000,
    '"' + "X" * 500 + '"',
]  # fmt: skip
_KEYS = [
    "slug", "name", "timezone", "email_domains", "joint_factor", "plan", "welcome", "mark", "icon", "pool", "tile",
    "number", "learn_on",
]  # fmt: skip
_SENTENCE = re.compile(
    r"x\.toml:\d+: [\w.\[\]]+: "
    r"(must be .+|is missing; must be .+|is unknown; allowed here: .+|\".+\" is already used on line \d+; .+)"
)


def faults(text: str) -> list[str]:
    with pytest.raises(FileError) as refused:
        read_programme(text, "x.toml")
    return refused.value.faults


@pytest.mark.parametrize("key", _KEYS)
def test_whatever_stands_in_place_of_a_value_ends_in_plain_words(key: str) -> None:
    given = re.search(rf"^{key}(\.sv)? = (\[\n[^\]]*\]|.*)$", small(), re.MULTILINE)
    assert given
    for odd in _ODD:
        told = faults(f"{small()[: given.start()]}{key} = {odd}{small()[given.end() :]}")
        assert any(key in fault.split(": ")[1] for fault in told)
        assert [fault for fault in told if not _SENTENCE.fullmatch(fault) or "nput" in fault] == []


def test_every_key_says_what_is_allowed() -> None:
    schema = ProgrammeFile.model_json_schema()
    tables = [schema, *schema["$defs"].values()]
    keys = [(name, key) for table in tables for name, key in table["properties"].items()]
    assert [name for name, key in keys if not any("description" in kind for kind in _kinds(key))] == []


def _kinds(key: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The key, and what it is where it is given."""
    yield key
    yield from key.get("anyOf", ())


def test_a_number_of_thousands_of_digits_is_not_written_out() -> None:
    told = faults(small(pool="0x" + "f" * 5000))
    assert told[0].endswith("must be a whole number from 1 to 100000, not a number of more than 80 digits")


def test_entries_that_are_wrong_in_themselves_are_compared_too() -> None:
    wrong = 'slug = "bjuv"\nname = " Bjuv "\npool = 0\ntile = [4, 2]'
    text = small().replace('slug = "klippan"\nname = "Klippan"\npool = 5\ntile = [3, 3]', wrong)
    text = text.replace('name.sv = "Över gränsen"', "").replace("2026-09-07", "2026-03-01")
    told = [fault.split(": ", 1)[1] for fault in faults(text)]
    assert told == [
        'municipalities[2].slug: "bjuv" is already used on line 73; each needs its own',
        'municipalities[2].name: "Bjuv" is already used on line 74; each needs its own',
        "municipalities[2].pool: must be a whole number from 1 to 100000, not 0",
        "municipalities[2].tile: [4, 2] is already the tile of Bjuv",
        'stages[2].name: is missing; must be a text by language, such as name.sv = "…"',
        "stages[2].measure_on: must be on or after the end of stage 1 (2026-06-01), not 2026-03-01",
    ]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{ a = ", "}")])
def test_brackets_in_brackets_end_in_a_fault_at_every_depth(opening: str, closing: str) -> None:
    for depth in range(1, 600, 7):
        assert faults(f"x = {opening * depth}1{closing * depth}")


@pytest.mark.parametrize(("check", "place"), [('["pictures"]', "check[1]"), ('["first", 1]', "check[2]")])
def test_what_is_looked_at_is_one_of_four(check: str, place: str) -> None:
    text = f"{small()}\n[moderation]\nhide_at = 2\ncheck = {check}\n"
    (fault,) = faults(text)
    line = text[: text.index("check =")].count("\n") + 1
    assert fault.startswith(
        f"x.toml:{line}: moderation.{place}: must be one of photos, external_use, first, all"
    )


def test_what_is_looked_at_is_nothing_unless_the_file_says_so() -> None:
    for more, expected in (("", []), ('[moderation]\ncheck = ["photos", "all"]', ["photos", "all"])):
        programme, _file = read_programme(f"{small()}\n{more}\n", "x.toml")
        assert programme.moderation.check == expected
    with pytest.raises(FileError, match="must be a list such as"):
        read_programme(f'{small()}\n[moderation]\ncheck = "all"\n', "x.toml")
