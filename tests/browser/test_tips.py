""" "I take this into account": from the plan form over the plan's page to the report, by touch and by keyboard."""

import re

from playwright.sync_api import Page, expect

from app.extensions import db
from app.models.tip import TipKind
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.factories import focus_area, make_person, make_tip, value

_TRAP, _SUCCESS = "Vänta inte på budgeten", "Ett datum slår en plan"


def test_a_tip_goes_from_the_form_to_the_plan_to_the_report(page: Page, signed_in: Enter, live: Live) -> None:
    number = _tips(live, "infrastruktur")
    signed_in("Tage Tall", "bastad")
    _begin(page, "Samåk till jobbet en vecka", "infrastruktur")
    peers = page.locator("#peers")
    expect(peers.locator(".note b").first).to_contain_text(_TRAP)
    expect(peers.locator(".note b").nth(1)).to_contain_text(_SUCCESS)
    _take(page, number)
    # Other tips come up for another value; what is taken stays.
    _choose(page, "value", "kreativt")
    expect(peers.locator(f"[value='{number}']")).to_be_checked()
    expect(peers.locator(".take .on:visible")).to_have_text("Med i din plan")

    page.locator("concreteness-meter [type=submit]").click()
    page.wait_for_url(re.compile(r"/activities/\d+$"))
    expect(page.locator("#heeded")).to_contain_text(_TRAP)
    expect(page.locator("#heeded")).not_to_contain_text(_SUCCESS)

    page.get_by_role("link", name="Rapportera").click()
    _choose(page, "carried_out", "no")
    asked_first = page.get_by_role("textbox", name="Vad vill du att nästa ska veta?")
    expect(asked_first).to_be_visible()
    assert _top(page, "[name=pitfall]") < _top(page, "[name=story]")
    asked_first.fill("Fråga chefen om bilpoolen först.")
    expect(page.locator(".helped")).to_be_hidden()
    _choose(page, "carried_out", "yes")
    _choose(page, "rating", "'4'")
    _choose(page, f"helped-{number}", "yes")
    page.locator("form.report [type=submit]:visible").last.click()
    page.wait_for_url("**/outcome/thanks")
    page.get_by_role("link", name="Se rapporten").click()
    expect(page.locator("#heeded")).to_contain_text("Det hjälpte")
    page.locator("#heeded").get_by_role("link", name=_TRAP).click()
    expect(page.locator("main")).to_contain_text("Tagen i 1 plan, hjälpte i 1")


def test_what_is_taken_is_kept_in_the_draft_and_can_be_taken_out(
    page: Page, signed_in: Enter, live: Live
) -> None:
    number = _tips(live, "miljo")
    signed_in("Disa Dal", "bastad")
    _begin(page, "Städa stranden", "miljo")
    _take(page, number)
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.goto("/activities/new")
    expect(page.locator(f"#peers [value='{number}']")).to_be_checked()
    _take(page, number)
    expect(page.locator(f"#peers [value='{number}']")).not_to_be_checked()
    expect(page.locator("[name=heeding]")).to_have_value("")


def test_a_keyboard_takes_a_tip_and_says_that_another_helped(
    page: Page, signed_in: Enter, live: Live
) -> None:
    number = _tips(live, "naringsliv")
    signed_in("Kaj Kant", "bastad")
    _begin(page, "Frukost på lagret", "naringsliv")
    box = page.locator(f"#peers [value='{number}']")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    expect(page.locator("[name=heeding]")).to_have_value(str(number))

    page.goto("/tips?focus_area=naringsliv&kind=pitfall")
    helped = page.locator(f"#cheer-{number}")
    helped.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#cheer-{number}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#cheer-{number}")).to_contain_text("Hjälpte mig 1")


def _tips(live: Live, area: str) -> int:
    """A trap and something that worked in that area, of a value each; the trap's number."""
    with live.app.app_context():
        author = make_person("Tilda Tipsare", "klippan")
        there = focus_area(area)
        trap = make_tip(author, kind=TipKind.PITFALL, focus_area=there, value=value("manskligt"),
                        text=f"{_TRAP}. Vi sköt upp i tre månader.")  # fmt: skip
        make_tip(author, focus_area=there, value=value("manskligt"), text=f"{_SUCCESS}. Då blev det av.")
        db.session.commit()
        return trap.id


def _begin(page: Page, title: str, area: str) -> None:
    page.goto("/activities/new")
    page.locator("[name=title]").fill(title)
    _choose(page, "value", "manskligt")
    _choose(page, "focus_area", area)
    expect(page.locator("#peers")).to_contain_text(_TRAP)


def _take(page: Page, number: int) -> None:
    page.locator(f"label.take:has([value='{number}'])").click()


def _choose(page: Page, name: str, choice: str) -> None:
    page.locator(f"label:has(input[name={name}][value={choice}])").click()


def _top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]
