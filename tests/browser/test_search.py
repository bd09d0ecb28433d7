"""The search by keyboard and by the names that a screen reader says: as one types, without scripts, without a net."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.models.tip import TipKind
from tests.browser.live import Live
from tests.browser.phones import Enter, enter_as, watch
from tests.factories import make_activity, make_person, make_tip

_BOX = "Sök aktiviteter, tips, utmaningar och personer"


@pytest.fixture(scope="session")
def findable(live: Live) -> None:
    """Words that nothing else in these tests has."""
    with live.app.app_context():
        owner = make_person("Dora Medar", "bastad", title="dromedarskötare")
        for number in range(5):
            make_activity(owner, title=f"Rid dromedar {number}")
        make_tip(owner, text="Vattna dromedaren först. Den dricker länge.", kind=TipKind.PITFALL)


@pytest.mark.usefixtures("findable")
def test_one_finds_as_one_types_and_goes_there_by_keyboard(page: Page, signed_in: Enter) -> None:
    signed_in("Sixten Sök", "bastad")
    page.goto("/")
    page.get_by_role("link", name="Sök", exact=True).click()
    box = page.get_by_role("searchbox", name=_BOX)
    expect(box).to_be_focused()
    box.press_sequentially("dromed")
    status = page.get_by_role("status").filter(has_text="träff")
    expect(status).to_have_text("7 träffar på ”dromed”")
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile(r"/search\?q=dromed$"))
    expect(page.get_by_role("heading", name="Aktiviteter")).to_be_visible()
    expect(page.locator("mark").first).to_have_text("dromed")

    chips = page.get_by_role("navigation", name="Visa").get_by_role("link")
    expect(chips).to_have_text(["Allt", "Aktiviteter 5", "Tips och fällor 1", "Personer 1"])
    for name in ("Allt", "Aktiviteter 5", "Tips och fällor 1", "Personer 1", "Alla 5 Aktiviteter"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Rid dromedar 4")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/activities/\d+$"))
    page.go_back()
    expect(box).to_have_value("dromed")
    expect(page.get_by_role("link", name="Rid dromedar 4")).to_be_visible()
    page.go_back()
    expect(page).to_have_url("/")


@pytest.mark.usefixtures("findable")
def test_what_was_looked_for_stays_on_the_device_until_one_signs_out(page: Page, signed_in: Enter) -> None:
    signed_in("Nina Nyss", "bastad")
    page.goto("/search?q=dromedar")
    page.get_by_role("link", name="Rid dromedar 4").click()
    page.wait_for_url(re.compile(r"/activities/\d+$"))
    page.goto("/search?q=vattna")
    page.get_by_role("button", name="Sök", exact=True).click()
    page.goto("/search")
    recent = page.locator("recent-searches").get_by_role("link")
    expect(recent).to_have_text(["vattna", "dromedar"])
    page.get_by_role("button", name="Ta bort vattna").click()
    expect(recent).to_have_text(["dromedar"])
    recent.click()
    expect(page.get_by_role("searchbox", name=_BOX)).to_have_value("dromedar")
    page.goto("/settings")
    page.locator("form[data-sign-out] button").first.click()
    page.wait_for_url("/login")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('recent-searches'))") == []


def test_nothing_found_leads_to_a_plan(page: Page, signed_in: Enter) -> None:
    signed_in("Petra Padel", "bastad")
    page.goto("/search")
    page.get_by_role("searchbox", name=_BOX).press_sequentially("qvidditch")
    expect(page.get_by_role("heading", name="Inget om qvidditch än.")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="träff")).to_have_text("0 träffar på ”qvidditch”")
    page.get_by_role("link", name="Planera något med qvidditch").click()
    expect(page.get_by_role("textbox", name="Aktivitet")).to_have_value("Qvidditch")


@pytest.mark.usefixtures("findable")
def test_it_works_without_scripts(browser: Browser, browser_context_args: dict[str, Any], live: Live) -> None:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    faults = watch(context, live.url)
    with live.app.app_context():
        enter_as(live, context, make_person("Utan Skript", "bastad"))
    page = context.new_page()
    page.goto("/search")
    page.get_by_role("searchbox", name=_BOX).fill("dromedar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=dromedar")
    page.get_by_role("link", name="Aktiviteter 5").click()
    expect(page.locator("#found .rows > li")).to_have_count(5)
    context.close()
    assert faults == []


def test_without_a_net_it_says_so(browser: Browser, browser_context_args: dict[str, Any], live: Live) -> None:
    """In a context of its own: HTMX writes to the console that a request failed, and no other test may."""
    context = browser.new_context(**browser_context_args)
    with live.app.app_context():
        enter_as(live, context, make_person("Olle Off", "bastad"))
    page = context.new_page()
    page.goto("/search")
    context.set_offline(True)
    page.get_by_role("searchbox", name=_BOX).press_sequentially("fika")
    expect(page.locator(".toast, .banner").first).to_contain_text("Du är offline")
    expect(page.get_by_role("searchbox", name=_BOX)).to_have_value("fika")
    context.close()
