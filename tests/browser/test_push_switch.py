"""The switch of the settings never says that pushes are on when nothing can arrive, and says why they are not."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.models.person import Person
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.browser.push_phone import PushPhone, held_by
from tests.push_service import Answer, PushService

_NO_MORE = "Påminnelser når inte längre den här enheten"


@pytest.fixture
def alice(signed_in: Enter) -> Person:
    return signed_in("Alice Ahl", "bjuv")


@pytest.fixture
def phone(
    page: Page, context: BrowserContext, alice: Person, live: Live, push_service: PushService
) -> PushPhone:
    """Alice's phone at the settings, where pushes were never switched on."""
    phone = PushPhone(page, context, live, push_service, f"switch-{alice.id}")
    page.goto("/settings")
    phone.expect("off")
    return phone


def test_a_double_tap_switches_on_once(phone: PushPhone, alice: Person) -> None:
    posts: list[str] = []
    phone.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    phone.page.locator("push-toggle [data-action=enable]").dblclick()
    phone.expect("on")
    assert [url.partition("/push/")[2] for url in posts] == ["subscriptions"]
    phone.await_held(alice, 0)


def test_a_browser_whose_push_service_is_away_stays_off_and_says_so(phone: PushPhone, alice: Person) -> None:
    phone.change("away: true")
    phone.page.locator("push-toggle [data-action=enable]").click()
    expect(phone.page.locator("[data-result]")).to_contain_text("Webbläsaren når inte sin notistjänst")
    phone.expect("off")
    assert held_by(phone.live, alice) == []


@pytest.mark.parametrize("status", [0, 422, 429, 500])
def test_what_the_server_did_not_take_is_off(status: int, phone: PushPhone, alice: Person) -> None:
    def refuse(route: Route) -> None:
        if status:
            route.fulfill(status=status, json={"error": "no"})
        else:
            route.abort()

    phone.page.route("**/push/subscriptions", refuse)
    phone.page.locator("push-toggle [data-action=enable]").click()
    expect(phone.page.locator("[data-result]")).to_contain_text("Det gick inte just nu")
    phone.expect("off")
    assert (held_by(phone.live, alice), phone.endpoint()) == ([], None)


def test_switching_off_that_does_not_get_through_stays_on(phone: PushPhone, alice: Person) -> None:
    phone.switch_on()
    phone.page.route("**/push/subscription/removal", lambda route: route.abort())
    phone.page.locator("push-toggle [data-action=disable]").click()
    expect(phone.page.locator("[data-result]")).to_contain_text("Det gick inte just nu")
    phone.expect("on")
    phone.await_held(alice, 0)


@pytest.mark.parametrize("status", [404, 410])
def test_what_the_push_service_ended_is_said_at_once_and_one_tap_turns_it_on(
    status: int, phone: PushPhone, alice: Person
) -> None:
    phone.switch_on()
    phone.service.play(phone.devices[0].path, Answer(status))
    phone.page.locator("push-toggle [data-action=test]").click()
    phone.expect("ended")
    expect(phone.page.locator("push-toggle")).to_contain_text(_NO_MORE)
    expect(phone.page.locator("push-toggle [data-action=test]")).to_be_hidden()
    phone.page.locator("push-toggle [data-action=enable]").click()
    phone.expect("on")
    phone.await_held(alice, 1)


def test_what_ended_can_be_left_off(phone: PushPhone, alice: Person) -> None:
    phone.switch_on()
    phone.service.play(phone.devices[0].path, Answer(410))
    phone.page.locator("push-toggle [data-action=test]").click()
    phone.expect("ended")
    phone.page.locator("push-toggle [data-action=disable]").click()
    phone.expect("off")
    phone.page.goto("/settings")
    phone.expect("off")
    assert (held_by(phone.live, alice), phone.endpoint()) == ([], None)


def test_while_it_is_mended_it_does_not_say_on(phone: PushPhone, alice: Person) -> None:
    phone.switch_on()
    phone.lose()
    waiting: list[Route] = []
    phone.page.route("**/push/subscriptions", lambda route: waiting.append(route))  # noqa: PLW0108  no built-in may listen
    with phone.page.expect_request("**/push/subscriptions"):
        phone.page.goto("/settings")
        phone.expect("mending")
        expect(phone.page.locator("push-toggle button:visible")).to_have_count(0)
    phone.expect("mending")
    for route in waiting:
        route.continue_()
    phone.expect("on")
    phone.await_held(alice, 1)


def test_what_cannot_be_mended_is_ended(phone: PushPhone) -> None:
    phone.switch_on()
    phone.lose()
    phone.change("away: true")
    phone.page.goto("/settings")
    phone.expect("ended")
    expect(phone.page.locator("[data-result]")).to_contain_text("Webbläsaren når inte sin notistjänst")
    phone.change("away: false")
    phone.page.locator("push-toggle [data-action=enable]").click()
    phone.expect("on")


def test_another_tab_follows(phone: PushPhone, context: BrowserContext, alice: Person) -> None:
    phone.switch_on()
    other = PushPhone.__new__(PushPhone)
    other.__dict__ = {**phone.__dict__, "page": context.new_page()}
    other.page.goto("/settings")
    other.expect("on")
    other.page.locator("push-toggle [data-action=disable]").click()
    other.expect("off")
    phone.expect("off")
    phone.page.locator("push-toggle [data-action=enable]").click()
    for each in (phone, other):
        each.expect("on")
    phone.await_held(alice, 1)


def test_two_tabs_that_mend_at_once_subscribe_once(
    phone: PushPhone, context: BrowserContext, alice: Person
) -> None:
    phone.switch_on()
    phone.lose()
    tabs = [phone.page, context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto("/settings", wait_until="commit")
    for tab in tabs:
        expect(tab.locator("push-toggle")).to_have_attribute("data-now", "on")
    phone.await_held(alice, 1)


def test_a_browser_that_blocks_them_says_how_to_allow_them(
    page: Page, context: BrowserContext, signed_in: Enter
) -> None:
    signed_in()
    page.goto("/")
    _block(context, page)
    page.goto("/settings")
    expect(page.locator("push-toggle")).to_have_attribute("data-now", "denied")
    expect(page.locator("push-toggle")).to_contain_text("Webbläsaren stoppar påminnelser")


def test_permission_taken_away_is_seen_at_once(phone: PushPhone, context: BrowserContext) -> None:
    phone.switch_on()
    _block(context, phone.page)
    phone.expect("denied")


def _block(context: BrowserContext, page: Page) -> None:
    """As its person does in the browser's own settings."""
    session = context.new_cdp_session(page)
    own = session.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    permission = {
        "permission": {"name": "notifications"},
        "setting": "denied",
        "browserContextId": own,
        "origin": page.evaluate("origin"),
    }
    session.send("Browser.setPermission", permission)
