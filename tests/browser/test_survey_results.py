"""The results as a screen reader has them: by roles and names, without shape, size or colour."""

import re

from playwright.sync_api import Page, expect

from app.extensions import db
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.browser.survey_results import make_results


def test_the_results_are_read_without_seeing_them(page: Page, signed_in: Enter, live: Live) -> None:
    _released(live)
    signed_in("Rut Resultat", "bjuv")
    page.goto("/stages/12")
    page.get_by_role("link", name="Se svaren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gemenskap ligger först.")

    words = page.get_by_role("main").get_by_role("listitem")
    expect(words.filter(has_text="Otydligt")).to_have_text(re.compile(r"^\s*Otydligt, negativt,\s+29\s*$"))
    expect(words.filter(has_text="Annorlunda")).to_have_text(
        re.compile(r"^\s*Annorlunda, neutralt,\s+22\s*$")
    )

    now = page.get_by_role("img", name="Etapp 12: 62\xa0% positivt, 13\xa0% neutralt, 25\xa0% negativt")
    before = page.get_by_role("img", name="Etapp 11: 51\xa0% positivt, 16\xa0% neutralt, 33\xa0% negativt")
    expect(now).to_be_visible()
    expect(before).to_be_visible()

    engagement = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name="Engagemang", exact=True)
    )
    expect(engagement).to_contain_text("71 av 100")
    expect(engagement).to_contain_text("Upp från 64 i etapp 11. Bjuv: 75 eller mer.")


def test_the_words_are_a_table_for_whoever_asks_by_keyboard(page: Page, signed_in: Enter, live: Live) -> None:
    _released(live)
    signed_in("Tea Tabell", "bjuv")
    page.goto("/survey/results/12")
    page.get_by_text("Orden som tabell").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name="Orden som tabell").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Ord", "Antal", "Oftast"])
    expect(table.get_by_role("row", name="Otydligt 29 negativt")).to_be_visible()


def test_whose_municipality_is_not_shown_hears_why(page: Page, signed_in: Enter, live: Live) -> None:
    _released(live)
    signed_in("Örjan Övrig", "orkelljunga")
    page.goto("/survey/results/12")
    expect(page.get_by_role("heading", name="Örkelljunga", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Räknas med i Övriga kommuner")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Klippan och Örkelljunga tillsammans: 9 svar.")
    expect(page.get_by_role("term").filter(has_text="Varför?")).to_be_visible()


def _released(live: Live) -> None:
    with live.app.app_context():
        make_results()
        db.session.commit()
