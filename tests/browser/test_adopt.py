"""Borrowing an idea on a phone: from its page to a plan of one's own, and onto the idea's way."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.factories import focus_area, make_activity, make_outcome, make_person

_DAY = date.today() + timedelta(days=20)  # noqa: DTZ011  as the phone has it
_TITLE = "Läs högt för grannarna på torget"


def _idea(live: Live, name: str, title: str = _TITLE) -> int:
    with live.app.app_context():
        owner = make_person(name, "bjuv")
        activity = make_activity(owner, title=title, focus_area=focus_area("miljo"))
        make_outcome(activity)
        return activity.id


def _choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value='{value}'])").click()


def _send(page: Page) -> None:
    page.locator("concreteness-meter [type=submit]").click()
    page.wait_for_url(re.compile(r"/activities/\d+$"))


def test_an_idea_is_borrowed_from_its_page_and_seen_on_its_way(
    page: Page, signed_in: Enter, live: Live
) -> None:
    idea = _idea(live, "Ida Idé")
    signed_in("Lisa Lånar", "klippan")
    page.goto(f"/activities/{idea}")
    page.get_by_role("link", name="Låna idén").click()
    page.wait_for_url(f"**/activities/new?like={idea}")
    expect(page.locator("#tie")).to_contain_text("Lånat av Ida Idé, Bjuv.")
    expect(page.locator("[name=title]")).to_have_value(_TITLE)
    expect(page.locator("#peers")).to_contain_text("Bestäm i förväg vem som låser efteråt")
    page.locator("[name=title]").fill("Läs högt för grannarna i parken")
    _send(page)
    expect(page.locator("article")).to_contain_text("Lånat av Ida Idé, Bjuv.")

    page.goto(f"/activities/{idea}")
    page.get_by_role("link", name="Spridd till 1 kommun").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("En idé från Bjuv, på väg i 1 kommun.")
    expect(page.locator(".vine")).to_contain_text("Lisa Lånar lånade den. Planeras just nu.")


def test_an_idea_that_is_offered_is_chosen_taken_away_and_chosen_again(
    page: Page, signed_in: Enter, live: Live
) -> None:
    idea = _idea(live, "Olle Original", "Byt böcker i trappan")
    signed_in("Vera Väljer", "astorp")
    page.goto("/activities/new")
    page.locator("[name=title]").fill("Byt böcker i tvättstugan")
    _choose(page, "focus_area", "miljo")
    expect(page.locator("#ideas fieldset")).to_have_count(0)
    _choose(page, "value", "valkomnande")
    _choose(page, "idea", str(idea))
    expect(page.locator("#tie")).to_contain_text("Lånat av Olle Original, Bjuv.")
    expect(page.locator("[name=title]")).to_have_value("Byt böcker i tvättstugan")
    page.get_by_role("button", name="Ta bort").click()
    expect(page.locator("#tie")).not_to_contain_text("Lånat av")
    expect(page.locator("#idea-own")).to_be_checked()
    _choose(page, "idea", str(idea))
    expect(page.locator("#tie")).to_contain_text("Olle Original")
    _kept(page, f'"borrowed_from":["{idea}"]')

    page.reload()
    expect(page.locator("#tie")).to_contain_text("Olle Original")
    expect(page.locator(f"#idea-{idea}")).to_be_checked()
    _send(page)
    expect(page.locator("article")).to_contain_text("Lånat av Olle Original, Bjuv.")


def test_two_who_plan_the_same_are_asked_to_join_forces(page: Page, signed_in: Enter, live: Live) -> None:
    signed_in("Paula Plan", "landskrona")
    page.goto("/activities/new")
    page.locator("[name=title]").fill("Rensa ån tillsammans")
    _choose(page, "value", "gemensamt")
    _choose(page, "focus_area", "naringsliv")
    with live.app.app_context():
        make_activity(
            make_person("Sam Samma", "hoganas"), focus_area=focus_area("naringsliv"), planned_for=_DAY
        )
    page.locator("[name=planned_for]").fill(_DAY.isoformat())
    page.locator("[name=planned_for]").blur()
    page.get_by_role("checkbox", name="Fråga Sam när jag sparar").check()
    _send(page)
    expect(page.locator("#together")).to_contain_text("Sam Samma")


def _kept(page: Page, words: str) -> None:
    """The draft on the device has it."""
    expression = f"() => Object.values(localStorage).some((draft) => draft.includes({words!r}))"
    page.wait_for_function(expression)
