"""Both languages are whole: every English text has its Swedish one, and both can be filled in."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.house.tracked import ROOT

pytestmark = pytest.mark.house

_SWEDISH = ROOT / "app" / "translations" / "sv" / "LC_MESSAGES" / "messages.po"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
_BARE_PERCENT = re.compile(r"%(?![(%])")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code and the templates say now."""
    pot = tmp_path_factory.mktemp("texts") / "messages.pot"
    subprocess.run(
        [ROOT / "bin" / "translate", "extract", str(pot)], cwd=ROOT, check=True, capture_output=True
    )
    return _read(pot)


@pytest.fixture(scope="module")
def swedish() -> Catalog:
    return _read(_SWEDISH)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="sv")


def _ids(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


def _forms(message: Message) -> tuple[str, ...]:
    """Every text of the message, id and translation, singular and plural."""
    both = (message.id, message.string or "")
    return tuple(form for part in both for form in ((part,) if isinstance(part, str) else tuple(part)))


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def test_no_text_lacks_its_swedish_one(english: Catalog, swedish: Catalog) -> None:
    assert _ids(english) - _ids(swedish) == set(), "run bin/translate and fill in app/translations"
    assert [message.id for message in _messages(swedish) if not all(_forms(message))] == []


def test_no_translation_is_left_over_or_doubtful(english: Catalog, swedish: Catalog) -> None:
    assert _ids(swedish) - _ids(english) == set()
    assert [message.id for message in _messages(swedish) if message.fuzzy] == []
    assert list(swedish.obsolete) == []


def test_both_languages_fill_in_the_same_values(swedish: Catalog) -> None:
    uneven = [
        message.id
        for message in _messages(swedish)
        if {form: names for form in _forms(message) if (names := _names(form)) != _widest(message) and names}
    ]
    assert uneven == []


def _names(form: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(form))


def _widest(message: Message) -> frozenset[str]:
    return max((_names(form) for form in _forms(message)), key=len)


def test_every_text_of_a_template_renders(english: Catalog, swedish: Catalog) -> None:
    """Jinja always fills in, so a bare per cent sign in a text of a template would break its page."""
    in_templates = {
        message.id
        for message in _messages(english)
        if any(str(location).startswith("app/templates") for location, _line in message.locations)
    }
    for message in _messages(swedish):
        if message.id in in_templates:
            for form in _forms(message):
                assert not _BARE_PERCENT.search(form), f"write %% in {form!r}"
                form % defaultdict(int)
