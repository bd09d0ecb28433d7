"""How templates write lists."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.web.filters import listed


@pytest.mark.parametrize(
    ("names", "swedish", "english"),
    [
        (["Bjuv"], "Bjuv", "Bjuv"),
        (["Bjuv", "Klippan"], "Bjuv och Klippan", "Bjuv and Klippan"),
        (["Bjuv", "Klippan", "Åstorp"], "Bjuv, Klippan och Åstorp", "Bjuv, Klippan and Åstorp"),
    ],
)
def test_names_are_listed_as_one_says_them(app: Flask, names: list[str], swedish: str, english: str) -> None:
    with app.test_request_context():
        for language, said in (("sv", swedish), ("en", english)):
            with force_locale(language):
                assert listed(iter(names)) == said
