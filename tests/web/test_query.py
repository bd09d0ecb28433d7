"""Addresses with a query are written as `url_for` writes them."""

from typing import Any

import pytest
from flask import Flask, url_for

from app.web.query import with_query


@pytest.mark.parametrize(
    "said",
    [
        {"q": "fika"},
        {"q": "Åsa & Örjan + 100 %"},
        {"q": "a/b:c,d;e?f=g#h"},
        {"q": '"><script>', "kind": None},
        {"q": "", "kind": "tips", "after": "3-2026-01-01T00:00:00-7"},
        {},
    ],
)
def test_it_is_written_as_url_for_does(app: Flask, said: dict[str, Any]) -> None:
    with app.test_request_context():
        assert with_query("/search", **said) == url_for("search.index", **said)
