"""What comes from outside is made fit to be stored."""

from collections.abc import Callable
from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


_HIDDEN = [
    "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff", "\u00ad", "\u061c", "\u202a", "\u202e",
    "\u2066", "\u2069", "\u2800", "\u3164", "\u115f", "\u1160", "\uffa0", "\u180e", "\u034f", "\ufe0f", "\ufe00",
    "\U000e0061", "\U000e0100", "\x00", "\x07", "\x7f", "\x9f", "\ud800", "\udfff", "\uffff", "\U0001fffe", "\ufffc",
]  # fmt: skip
_EMOJI = [
    "👩\u200d💻", "👨\u200d👩\u200d👧\u200d👦", "❤\ufe0f\u200d🔥", "🏃🏽\u200d♀\ufe0f", "🏳\ufe0f\u200d🌈",
    "☀\ufe0f", "1\ufe0f\u20e3", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🇸🇪", "👍🏽",
]  # fmt: skip
_WORDS_OF_OTHER_SCRIPTS = [
    "علی\u200cرضا", "ශ්\u200dරී", "ക്\u200dഷ", "Nguyễn", "李明", "शक्ति", "בְּרֵאשִׁית", "ก้่",
]  # fmt: skip


@pytest.mark.parametrize("hidden", _HIDDEN, ids=lambda hidden: f"U+{ord(hidden):04X}")
@pytest.mark.parametrize("clean", [text.one_line, text.trimmed])
def test_what_cannot_be_seen_is_taken_out(clean: Callable[[str], str], hidden: str) -> None:
    assert clean(f"{hidden}An{hidden}na{hidden} Ek{hidden}") == "Anna Ek"
    assert clean(hidden * 3) == ""
    assert list(text.hidden_characters(f"An{hidden}na")) == [2]


@pytest.mark.parametrize("needed", _EMOJI + _WORDS_OF_OTHER_SCRIPTS)
@pytest.mark.parametrize("clean", [text.one_line, text.trimmed])
def test_an_emoji_and_a_word_of_another_script_stay_whole(clean: Callable[[str], str], needed: str) -> None:
    assert clean(f"Fika {needed} ihop") == normalize("NFC", f"Fika {needed} ihop")
    assert list(text.hidden_characters(needed)) == []


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("A\u030asa  O\u0308berg", "Åsa Öberg"),
        ("A\u200b\u030asa", "Åsa"),
        ("Anna\u00a0\u2003Ek\u3000", "Anna Ek"),
        ("Anna\r\n\u2028\tEk\x0b", "Anna Ek"),
        ("Z" + "\u0334" * 50 + "oe", "Z" + "\u0334" * 4 + "oe"),
        ("👩\u200d", "👩"),
        ("a\u200d👩", "a👩"),
        ("🏴" + "\U000e0061" * 20 + "\U000e007f", "🏴"),
        (None, ""),
    ],
)
def test_a_name_is_one_clean_line(written: str | None, stored: str) -> None:
    assert text.one_line(written) == stored


def test_a_long_text_keeps_its_paragraphs() -> None:
    assert text.trimmed(" Ett\u200b.\r\n\r\nTvå\rTre\u2028Fyra\x00 ") == "Ett.\n\nTvå\nTre\nFyra"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(written: str) -> None:
    for clean in (text.one_line, text.trimmed):
        cleaned = clean(written)
        assert clean(cleaned) == cleaned == normalize("NFC", cleaned)
        assert list(text.hidden_characters(cleaned)) == []
        cleaned.encode()


def test_whatever_unicode_calls_a_control_or_a_format_is_hidden_but_for_marks_that_are_seen() -> None:
    seen = {
        "\u0600",
        "\u0601",
        "\u0602",
        "\u0603",
        "\u0604",
        "\u0605",
        "\u06dd",
        "\u070f",
        "\u0890",
        "\u0891",
        "\u08e2",
    }
    kept = {
        chr(code)
        for code in range(0x10000)
        if category(chr(code)) in ("Cc", "Cf", "Cs") and text.one_line(f"a{chr(code)}b") == f"a{chr(code)}b"
    }
    assert kept == seen


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("Anna-Karin Lindqvist", {"anna", "karin", "annakarin", "lindqvist"}),
        ("Åsa Öberg", {"åsa", "öberg"}),
        ("A\u030asa \uff2fek", {"åsa", "oek"}),
        ("Zoë O’Neil", {"zoe", "o", "neil", "oneil"}),
        ("Øyvind Ægir Łukasz", {"öyvind", "ägir", "lukasz"}),
        ("STRASSE Straße", {"strasse"}),
        ("İpek Nguyễn", {"ipek", "nguyen"}),
        ("李明", {"李明"}),
        ("!? 👩\u200d💻 \u0301", set()),
    ],
)
def test_a_name_is_found_by_its_words(name: str, found_by: set[str]) -> None:
    assert text.search_words(name) == found_by


def test_a_search_begins_with_its_longest_word() -> None:
    assert text.words_looked_for("Li ANNA-k li") == ["anna", "li", "k"]
    assert text.words_looked_for("% _ ' \u200b") == []


def test_a_character_that_cannot_be_seen_is_named() -> None:
    assert text.in_words("\u200b") == "U+200B ZERO WIDTH SPACE"
    assert text.in_words("\x00") == "U+0000"


def test_many_blanks_take_no_time() -> None:
    blanks = " \u200b" * 50_000
    assert text.outer_blanks_removed(f"{blanks}a{blanks}b{blanks}") == f"a{blanks}b"
    assert text.one_line(f"{blanks}a{blanks}b{blanks}") == "a b"
