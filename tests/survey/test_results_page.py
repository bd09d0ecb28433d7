"""What was released of a survey, as everybody reads it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast
from tests.factories import stage
from tests.released_surveys import ALONE, cell, make_released

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
_BEFORE = [cell("bjuv", figures=(50, 49, 41)), cell("klippan"), cell("helsingborg")]


def read(client: FlaskClient, number: int = 2) -> str:
    """The page's main part as one line of text and tags, without the space between."""
    page = client.get(f"/survey/results/{number}")
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.text[page.text.index("<main") : page.text.index("</main")])


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.mark.parametrize("role", ["alice", "cora", "lena", "stig"])
def test_everybody_who_is_signed_in_reads_the_same_result(cast: Cast, as_: As, role: str) -> None:
    make_released()
    text = words_of(read(as_(getattr(cast, role))))
    assert "Gemenskap ligger först." in text
    assert "Men 29 av oss skrev ”Otydligt”. 213 svarade, och ingen kan se vem som skrev vad." in text


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    make_released()
    assert client.get("/survey/results/2").location == "/login?next=/survey/results/2"


def test_a_stage_that_is_not_there_is_a_404(cast: Cast, as_: As) -> None:
    assert as_(cast.alice).get("/survey/results/9").status_code == 404


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([("Hav", 9, "positive"), ("Natur", 7, "positive")], "Hav ligger först. 213"),
        ([("Segt", 9, "negative"), ("Hav", 7, "positive")], "Segt ligger först. Men 7 av oss skrev ”Hav”."),
        ([("Hav", 9, "neutral"), ("Natur", 9, "positive")], "Hav och Natur ligger först tillsammans. 213"),
        ([("Hav", 9, "neutral"), ("Segt", 9, "negative")], "Hav och Segt ligger först tillsammans. 213"),
        ([(f"Ord {n}", 9, "neutral") for n in range(6)], "Många ord delar förstaplatsen. 213"),
        ([*((f"Ord {n}", 9 - n, "neutral") for n in range(5)), ("Segt", 4, "negative")], "Ord 0 ligger först. 213"),
        ([], "Vi skrev många olika ord. 213"),
        (None, "Vi vill mer än vi gör. 213"),
    ],
)  # fmt: skip
def test_the_heading_is_made_of_the_figures(
    cast: Cast, as_: As, words: list[tuple[str, int, str]] | None, sentence: str
) -> None:
    make_released(words=words)
    assert sentence in words_of(read(as_(cast.alice)))


def test_a_word_has_a_size_by_its_count_and_its_feeling_in_words_too(cast: Cast, as_: As) -> None:
    make_released()
    page = read(as_(cast.alice))
    shown = re.findall(
        r'<li class="w(\d) (\w+)">.*?class="wd">(\w+)<span class="vh">, (\w+), </span></span> <b>(\d+)</b>',
        page,
    )
    assert shown == [
        ("5", "positive", "Gemenskap", "positivt", "58"),
        ("5", "positive", "Samarbete", "positivt", "47"),
        ("3", "negative", "Otydligt", "negativt", "29"),
        ("1", "neutral", "Möten", "neutralt", "5"),
    ]
    assert '<tr><th scope="row">Otydligt</th><td>29</td><td>negativt</td></tr>' in page
    assert "Resten är 248 ord" in page


def test_a_word_cannot_break_out_of_the_page(cast: Cast, as_: As) -> None:
    make_released(words=[("<b>Hej", 9, "positive")])
    assert "<b>Hej" not in read(as_(cast.alice))


def test_the_balance_stands_above_that_of_the_stage_before(cast: Cast, as_: As) -> None:
    make_released(1, balance=(51, 16, 33))
    make_released(2, balance=(62, 13, 25))
    page = read(as_(cast.alice))
    assert "Ljusare ord än i etapp 1" in page
    assert 'aria-label="Etapp 2: 62 % positivt, 13 % neutralt, 25 % negativt"' in page
    assert 'aria-label="Etapp 1: 51 % positivt, 16 % neutralt, 33 % negativt"' in page
    assert "style=" not in page


def test_the_indices_stand_beside_those_of_the_stage_before(cast: Cast, as_: As) -> None:
    make_released(1, _BEFORE, figures=(50, 49, 41))
    make_released(2, figures=(60, 50, 40))
    text = words_of(read(as_(cast.alice)))
    assert "Upp från 50 i etapp 1. Bjuv: 60." in text
    # Sixty answered in stage 1: what less than two of a hundred points make may be one of them.
    assert "Ungefär som i etapp 1, 49. Bjuv: 50." in text
    assert "Ungefär som i etapp 1, 41. Bjuv: 40." in text
    assert read(as_(cast.alice)).count('<svg class="db"') == 3


def test_the_first_survey_stands_beside_nothing(cast: Cast, as_: As) -> None:
    make_released(1)
    text = words_of(read(as_(cast.alice), 1))
    assert "Fler ljusa ord än mörka" in text
    assert not re.search(r"var \d|Upp från|Ner från|Ungefär som", text)


def test_ones_own_municipality_stands_alone_beside_all_and_beside_itself(cast: Cast, as_: As) -> None:
    make_released(1, _BEFORE)
    make_released(2, [cell("bjuv", n=8, figures=(75, 25, 40)), *ALONE[1:]])
    text = words_of(read(as_(cast.alice)))
    assert "Ni ligger högre än alla tillsammans i engagemang, och lägre i förståelse." in text
    assert "75 eller mer" in text
    assert "25 eller mindre" in text
    assert "engagemang Upp från 50 i etapp 1" in text
    assert "användning Ungefär som i etapp 1, 41" in text
    assert "8 svar." in text


@pytest.mark.parametrize("role", ["alice", "charlie"])
def test_one_that_does_not_stand_alone_is_shown_with_the_others_and_told_why(
    cast: Cast, as_: As, role: str
) -> None:
    make_released(1, _BEFORE)
    make_released(2, [cell("helsingborg", n=90), cell("bjuv", "klippan", n=9, figures=(70, 45, 33))])
    page = read(as_(getattr(cast, role)))
    text = words_of(page)
    assert "Räknas med i Övriga kommuner" in text
    assert "Bjuv och Klippan tillsammans: 9 svar." in text
    assert "Därför slår vi ihop sådana kommuner" in text
    assert "Sedan mätningen stängde 27 sep 2026." in text
    assert f"I etapp 1 visades {'Bjuv' if role == 'alice' else 'Klippan'} för sig." in text
    assert 'class="sq"' not in page, "no square of their own"
    assert "Den här gången visas Bjuv och Klippan tillsammans." in text


def test_what_is_withheld_says_so_and_is_no_zero(cast: Cast, as_: As) -> None:
    make_released(2, [], words=None)
    page = read(as_(cast.alice))
    text = words_of(page)
    assert "För få svarade." in text
    assert "Färre än trettio skrev ord." in text
    assert "Den här gången har för få kommuner sex svar" in text
    assert not re.search(r"\b0\b", text)
    assert [shape for shape in ('class="db"', 'class="bal"', 'class="wq"', "<table") if shape in page] == []


def test_a_municipality_that_came_later_is_told_so(cast: Cast, as_: As) -> None:
    make_released(2, ALONE[1:])
    assert "Inte med i den här mätningen" in read(as_(cast.alice))


def test_a_word_that_was_blanked_is_not_there(cast: Cast, as_: As) -> None:
    survey = make_released()
    assert survey.snapshot
    words = [
        {**word, "word": None} if word["word"] == "Otydligt" else word for word in survey.snapshot["words"]
    ]
    survey.snapshot = {**survey.snapshot, "words": words}
    text = words_of(read(as_(cast.alice)))
    assert "Otydligt" not in text
    assert "Gemenskap ligger först. 213 svarade" in text


def test_it_is_read_in_english(cast: Cast, as_: As) -> None:
    cast.alice.language = "en"
    make_released(1, _BEFORE, figures=(50, 49, 41))
    make_released(2)
    text = words_of(read(as_(cast.alice)))
    assert "Gemenskap comes first. But 29 of us wrote “Otydligt”. 213 answered" in text
    assert "Up from 50 in stage 1. Bjuv: 60." in text


def test_the_page_asks_no_more_often_when_more_is_shown(cast: Cast, as_: As, queries: list[str]) -> None:
    alice = as_(cast.alice)
    make_released(1, _BEFORE)
    survey = make_released(2, ALONE[:1], words=())

    def asks() -> int:
        alice.get("/survey/results/2")
        queries.clear()
        read(alice)
        return len(queries)

    few = asks()
    assert survey.snapshot
    survey.snapshot |= {
        "cells": list(ALONE),
        "words": [{"word": f"Ord {n}", "count": 9, "sentiment": "neutral"} for n in range(60)],
    }
    assert asks() == few


def test_the_way_on_is_to_plan_something(cast: Cast, as_: As) -> None:
    make_released()
    page = read(as_(cast.alice))
    assert 'href="/activities/new"' in page
    assert "Så skyddar vi svaren" in page


@pytest.mark.parametrize("number", [1, 2])
def test_the_page_is_about_its_own_stage(cast: Cast, as_: As, number: int) -> None:
    make_released(number)
    assert f"Engagemangsmätningen, etapp {number}" in read(as_(cast.alice), number)
    other = read(as_(cast.alice), 3 - number)
    assert "Gemenskap" not in other
    assert stage(3 - number).number != number
