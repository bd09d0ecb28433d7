"""The quilt by keyboard, and as a screen reader has it: a table of links, each of which says what is in it."""

import re

from playwright.sync_api import Page, expect

from app import clock
from app.extensions import db
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.challenge_makers import make_open
from tests.factories import focus_area, make_activity, make_outcome, make_person, value

_SQUARES = 24


def test_the_quilt_needs_no_more_than_a_keyboard(page: Page, signed_in: Enter, live: Live) -> None:
    with live.app.app_context():
        make_outcome(make_activity(make_person(), title="Nattcafé i Bjuv", focus_area=focus_area("besok")))
    signed_in()
    page.goto("/challenges")
    first = page.locator(".quilt a").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("(one) => one === document.activeElement"):
            break
    expect(first).to_be_focused()
    lively = page.locator('.quilt a[href$="value=valkomnande&focus_area=besok"]')
    for _ in range(_SQUARES):
        if lively.evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(lively).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Välkomnande, Besök och boende")
    expect(page.get_by_role("link", name="Nattcafé i Bjuv")).to_be_visible()


def test_a_screen_reader_hears_a_table_and_what_each_square_holds(
    page: Page, signed_in: Enter, live: Live
) -> None:
    with live.app.app_context():
        make_outcome(make_activity(make_person(), focus_area=focus_area("besok")))
    signed_in()
    page.goto("/challenges")
    table = page.get_by_role("table", name="Genomförda aktiviteter per fokusområde och värdering")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Fokusområde", "Mänskligt", "Välkomnande", "Kreativt", "Gemensamt"]
    )
    expect(table.get_by_role("rowheader")).to_have_count(6)
    links = table.get_by_role("link")
    expect(links).to_have_count(_SQUARES)
    heard = re.compile(r"^[^,]+, [^:]+: (\d+ genomförda|ingen än(, ger 20 poäng extra)?)$")
    assert [name for name in links.evaluate_all(_NAMES) if not heard.match(name)] == []


#: What a screen reader says of a link: its text, without what is hidden from it.
_NAMES = """(links) => links.map((link) => {
    const copy = link.cloneNode(true);
    copy.querySelectorAll("[aria-hidden]").forEach((part) => part.remove());
    return copy.textContent.replace(/\\s+/g, " ").trim();
})"""


def test_an_empty_square_becomes_a_challenge_that_others_find(
    page: Page, signed_in: Enter, live: Live
) -> None:
    with live.app.app_context():
        today = clock.local_date(clock.now(), "Europe/Stockholm")
        lead = make_person("Lena Lind", "helsingborg")
        area, its_value = focus_area("infrastruktur").id, value("kreativt").id
        make_open(lead, title="Måla en cykelväg", value_id=its_value, focus_area_id=area, opens_on=today,
                  closes_on=today)  # fmt: skip
        db.session.commit()
    signed_in()
    page.goto("/challenges")
    page.locator('.quilt a[href$="value=kreativt&focus_area=infrastruktur"]').click()
    page.get_by_role("link", name="Måla en cykelväg").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Måla en cykelväg")
    take_on = page.get_by_role("link", name="Anta utmaningen")
    expect(take_on).to_have_attribute("href", re.compile(r"^/activities/new\?challenge=\d+$"))
