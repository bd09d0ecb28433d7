"""One's own feed: followed by keyboard, read without JavaScript, and news that move nothing."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from app.extensions import db
from app.models.person import Person
from tests.browser.live import Live
from tests.browser.phones import Enter, newcomer
from tests.factories import make_activity, make_person


def test_by_keyboard_one_follows_and_stops_and_stays_on_the_button(
    page: Page, signed_in: Enter, live: Live
) -> None:
    number = _planned(live, "Fika vid bron")
    signed_in("Fia Fors", "bastad")
    page.goto(f"/activities/{number}")
    button = page.locator(f"#follow-activity-{number}-button")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    page.goto("/")
    expect(page.locator(".chip[aria-current]")).to_have_text("För dig")
    expect(page.locator("#feed").get_by_role("link", name="Fika vid bron")).to_be_visible()
    page.goto(f"/activities/{number}")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.goto("/")
    expect(page.locator(".chip[aria-current]")).to_have_text("Alla")


def test_without_javascript_one_follows_and_chooses_what_to_read(
    new_context: Callable[..., BrowserContext], live: Live
) -> None:
    number = _planned(live, "Fika vid kvarnen")
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    newcomer(live, context, "Paul Plog", "bastad")
    page.goto(f"/activities/{number}")
    page.locator(f"#follow-activity-{number}-button").click()
    expect(page.locator(f"#follow-activity-{number}-button")).to_have_attribute("aria-pressed", "true")
    page.goto("/")
    expect(page.locator("#feed").get_by_role("link", name="Fika vid kvarnen")).to_be_visible()
    page.get_by_role("link", name="Alla", exact=True).click()
    expect(page.locator(".chip[aria-current]")).to_have_text("Alla")
    page.get_by_role("link", name="För dig", exact=True).click()
    expect(page).to_have_url(f"{live.url}/?show=you")
    page.get_by_role("link", name="Det du följer").click()
    page.get_by_role("button", name="Fika vid kvarnen").click()
    expect(page.get_by_role("heading", name="Du följer inget än")).to_be_visible()


def test_news_are_offered_in_either_view_and_move_nothing(page: Page, signed_in: Enter, live: Live) -> None:
    signed_in("Nora Nytt", "bastad")
    for view, place in (("you", "bastad"), ("all", "klippan")):
        for number in range(6):
            _planned(live, f"Vandring {view} {number}", place, minutes=1)
        page.goto(f"/?show={view}")
        page.wait_for_function("() => Boolean(customElements.get('new-items'))")
        read = page.get_by_role("link", name=f"Vandring {view} 0")
        read.scroll_into_view_if_needed()
        before = read.bounding_box()
        _planned(live, f"Något nytt {view}", place, minutes=2)
        page.evaluate("document.querySelector('new-items').look()")
        news = page.locator("new-items a")
        expect(news).to_have_text("1 ny")
        assert read.bounding_box() == before
        news.click()
        expect(page).to_have_url(f"{live.url}/?show={view}")
        expect(page.locator("#feed").get_by_role("link", name=f"Något nytt {view}")).to_be_visible()


def test_back_from_an_activity_one_stands_where_one_was(page: Page, signed_in: Enter, live: Live) -> None:
    """Also further down than the list was when it came."""
    for number in range(30):
        _planned(live, f"Cykeltur {number:02}", "bastad", minutes=3)
    signed_in("Berit Back", "bastad")
    page.goto("/?show=you")
    link = page.locator("#feed").get_by_role("link", name="Cykeltur 02")
    expect(page.locator("#feed").get_by_role("link", name="Cykeltur 29")).to_be_visible()
    expect(link).not_to_be_attached()
    page.locator("#feed").get_by_role("link", name="Visa fler").click()
    expect(link).to_be_visible()
    link.scroll_into_view_if_needed()
    where = page.evaluate("scrollY")
    link.click()
    expect(page.get_by_role("heading", name="Cykeltur 02")).to_be_visible()
    page.go_back()
    expect(link).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - where) < 100


def _planned(live: Live, title: str, place: str = "klippan", minutes: int = 0) -> int:
    with live.app.app_context():
        owner: Person = make_person("Olle Ort", place)
        now = clock.now() + timedelta(minutes=minutes)
        activity = make_activity(owner, title=title, now=now)
        db.session.commit()
        return activity.id
