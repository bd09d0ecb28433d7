"""What comments say of the product stands in docs/product.md."""

import re

import pytest

from tests.house.tracked import ROOT, name, text, tracked

pytestmark = pytest.mark.house

_REFERENCE = re.compile(r"PRODUCT: ([^)]+)\)")
_BETWEEN_WORDS = re.compile(r"[\s#:]+")


def _words(passage: str) -> str:
    return _BETWEEN_WORDS.sub(" ", passage).casefold()


def test_what_comments_refer_to_is_there() -> None:
    product = _words((ROOT / "docs" / "product.md").read_text("utf-8"))
    dead = [
        (name(path), passage)
        for path in tracked("app/*.py")
        for passage in _REFERENCE.findall(text(path) or "")
        if _words(passage) not in product
    ]
    assert dead == []
