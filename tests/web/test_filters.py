"""How templates write lists and contacts."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from app.web.filters import day, listed, mail_link, number, percent
from app.web.forms import Form


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


def test_numbers_and_days_follow_the_language_also_when_they_were_written_in_another_before(
    app: Flask,
) -> None:
    with app.test_request_context():
        for _again in range(2):
            with force_locale("sv"):
                assert (number(1234.5, 1), percent(0.5), day(date(2026, 10, 7))) == (
                    "1\xa0234,5",
                    "50\xa0%",
                    "7 okt",
                )
            with force_locale("en"):
                assert (number(1234.5, 1), percent(0.5), day(date(2026, 10, 7))) == (
                    "1,234.5",
                    "50%",
                    "7 Oct",
                )


def test_the_words_of_the_form_library_follow_the_language(app: Flask) -> None:
    words = {}
    with app.test_request_context():
        for language in ("sv", "en", "sv"):
            with force_locale(language):
                form = Form(meta={"csrf": False})
                words[language] = form.meta.get_translations(form).gettext("This field is required.")
    assert words == {"sv": "Det här fältet är obligatoriskt.", "en": "This field is required."}
