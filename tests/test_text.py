"""What comes from outside is made fit to be stored."""

import pytest

from app import text

pytestmark = pytest.mark.house


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("a\x00b", "a b"),
        (b"bad \xff\xfe bytes", "bad \ufffd\ufffd bytes"),
        ("two\r\nlines\t and \x1b[31mcolour", "two lines and [31mcolour"),
        ("half \ud800 a pair", "half ? a pair"),
        ("å" * 1000, "å" * 300),
        (b"\x00" * 100, ""),
    ],
)
def test_what_another_system_said_becomes_one_short_line(said: str | bytes, stored: str) -> None:
    assert text.foreign(said) == stored


def test_a_letter_that_is_cut_in_two_leaves_no_trace_of_its_bytes() -> None:
    assert text.foreign("å".encode() * 1000, longest=5) == "ååååå"
