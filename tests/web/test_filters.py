"""How templates write lists and contacts."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.web.filters import listed, mail_link


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


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("ombud@bjuv.se", '<a href="mailto:ombud@bjuv.se">ombud@bjuv.se</a>'),
        ("Ombud@Ängelholm.se", '<a href="mailto:ombud@xn--ngelholm-zza.se">ombud@ängelholm.se</a>'),
        ("a&b?c@bjuv.se", '<a href="mailto:a%26b%3Fc@bjuv.se">a&amp;b?c@bjuv.se</a>'),
        ("ring 042-10 00 00", "ring 042-10 00 00"),
        ("<b>å</b>@bjuv.se", "&lt;b&gt;å&lt;/b&gt;@bjuv.se"),
    ],
)
def test_a_contact_is_a_link_where_it_is_an_address(contact: str, link: str) -> None:
    assert mail_link(contact) == link
