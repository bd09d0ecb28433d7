"""A place on the board opens and says what made it, by touch and by keyboard."""

from playwright.sync_api import Page, expect

from app import clock
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.factories import make_activity, make_person


def test_a_row_opens_and_says_what_made_it(page: Page, signed_in: Enter, live: Live) -> None:
    _five_plan(live, "angelholm")
    signed_in("Rut Rank", "bastad")
    page.goto("/leaderboard")
    row = page.locator("#angelholm details")
    expect(row).not_to_contain_text("Senaste veckan")
    row.locator("summary").click()
    expect(row.locator("#why-angelholm")).to_contain_text("Senaste veckan")
    expect(row.locator(".earn a").first).to_be_visible()

    summary = row.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(row.locator("#why-angelholm")).not_to_be_visible()
    page.keyboard.press("Enter")
    expect(row.locator("#why-angelholm")).to_be_visible()


def _five_plan(live: Live, place: str) -> None:
    """As many as it takes to be ranked."""
    now = clock.now()
    with live.app.app_context():
        for number in range(5):
            make_activity(make_person(f"Planerare {number}", place), title="Öppet hus i hamnen", now=now)
