"""By keyboard one stays where one is, also when what one pressed is replaced."""

from playwright.sync_api import Page, expect

from app import clock
from app.extensions import db
from app.models.paging import PAGE_SIZE
from app.models.person import Role
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.comment_makers import make_comment
from tests.factories import make_activity, make_person


def test_a_step_is_switched_off_and_on_again(page: Page, signed_in: Enter) -> None:
    signed_in("Lea Led", "helsingborg", Role.LEAD)
    page.goto("/admin/stages/2/playbook")
    switch = page.locator("#switch-eve-button")
    switch.focus()
    for state in ("false", "true"):
        page.keyboard.press("Enter")
        expect(switch).to_have_attribute("aria-checked", state)
        expect(switch).to_be_focused()


# Presses what comes in the button's place as soon as it is there: faster than any hand.
PRESS_AT_ONCE = """button => {
    new MutationObserver((_, watching) => {
        watching.disconnect();
        document.getElementById(button.id).click();
    }).observe(document.getElementById("main"), {childList: true, subtree: true});
    let swaps = 0;
    document.addEventListener("htmx:afterSwap", () => (document.body.dataset.swaps = ++swaps));
}"""


def test_what_has_just_come_is_htmx_already(page: Page, signed_in: Enter) -> None:
    signed_in("Lea Led", "helsingborg", Role.LEAD)
    page.goto("/admin/stages/2/playbook")
    address = page.url
    switch = page.locator("#switch-eve-button")
    switch.evaluate(PRESS_AT_ONCE)
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-swaps", "2")
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(switch).to_be_focused()
    assert page.url == address


def test_more_is_read_from_its_first_on(page: Page, signed_in: Enter, live: Live) -> None:
    with live.app.app_context():
        now = clock.now()
        activity, ulla = (
            make_activity(make_person("Åke Ägare"), now=now),
            make_person("Ulla Undrar", "klippan"),
        )
        for number in range(PAGE_SIZE + 2):
            make_comment(activity, ulla, f"Fråga {number}", now=now)
        db.session.commit()
        path = activity.path
    signed_in()
    page.goto(path)
    texts = page.locator(".said-text")
    expect(texts).to_have_count(PAGE_SIZE)
    more = page.get_by_role("link", name="Visa fler")
    more.focus()
    page.keyboard.press("Enter")
    expect(texts).to_have_count(PAGE_SIZE + 2)
    expect(page.locator("li:has(:focus) .said-text")).to_have_text(texts.nth(PAGE_SIZE).inner_text())
