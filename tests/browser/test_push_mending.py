"""The server's word about pushes counts: what the browser lost or kept too long is made anew by the next page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from app import clock
from app.extensions import db
from app.models.person import Person
from app.services.accounts.devices import end_all_sessions
from tests.browser.live import Live
from tests.browser.phones import Enter, enter_as, newcomer
from tests.browser.push_phone import PushPhone, held_by
from tests.browser.push_worker import change_subscription
from tests.push_service import Answer, PushService


@pytest.fixture
def alice(signed_in: Enter) -> Person:
    return signed_in("Alice Ahl", "bjuv")


@pytest.fixture
def phone_on(
    page: Page, context: BrowserContext, alice: Person, live: Live, push_service: PushService
) -> PushPhone:
    """Alice's phone, on which she has switched pushes on."""
    phone = PushPhone(page, context, live, push_service, f"mended-{alice.id}")
    phone.switch_on()
    phone.await_held(alice, 0)
    return phone


def _replace_the_key(phone: PushPhone, _alice: Person) -> None:
    phone.live.flask("push", "keys", "--replace")


def _sign_out_everywhere(phone: PushPhone, alice: Person) -> None:
    with phone.live.app.app_context():
        end_all_sessions(db.session.merge(alice), clock.now())
        db.session.commit()
        assert held_by(phone.live, alice) == []
        enter_as(phone.live, phone.context, db.session.merge(alice))


def _sign_out_and_in(phone: PushPhone, alice: Person) -> None:
    phone.page.locator("form[data-sign-out] button").first.click()
    phone.page.wait_for_url("/login")
    with phone.live.app.app_context():
        enter_as(phone.live, phone.context, db.session.merge(alice))


def _end_at_the_service(phone: PushPhone, _alice: Person) -> None:
    phone.service.play(phone.devices[0].path, Answer(410))
    phone.page.locator("push-toggle [data-action=test]").click()
    phone.expect("ended")


def _lose_in_the_browser(phone: PushPhone, _alice: Person) -> None:
    phone.lose()


def _lose_with_the_browsers_storage(phone: PushPhone, _alice: Person) -> None:
    """As Safari does after a week; the session's cookie stays."""
    phone.page.evaluate(
        """() => {
            const browser = localStorage.getItem("browser");
            localStorage.clear();
            localStorage.setItem("browser", browser);
        }"""
    )
    phone.lose()


@pytest.mark.parametrize(
    "mishap",
    [
        _replace_the_key,
        _sign_out_everywhere,
        _end_at_the_service,
        _lose_in_the_browser,
        _lose_with_the_browsers_storage,
    ],
)
def test_the_next_page_subscribes_anew_after(
    mishap: Callable[[PushPhone, Person], None], phone_on: PushPhone, alice: Person
) -> None:
    mishap(phone_on, alice)
    phone_on.page.goto("/")
    phone_on.await_held(alice, 1)
    phone_on.page.goto("/settings")
    phone_on.expect("on")
    assert held_by(phone_on.live, alice) == [phone_on.devices[1].endpoint]


def test_a_page_that_finds_all_in_order_asks_nothing(phone_on: PushPhone) -> None:
    asked: list[str] = []
    phone_on.page.on("request", lambda request: asked.append(request.url))
    phone_on.page.goto("/settings")
    phone_on.expect("on")
    phone_on.page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/push/" in url] == []


def test_an_old_page_is_not_believed(phone_on: PushPhone, alice: Person) -> None:
    """One that was kept for reading offline says what held when it came: here, nothing."""
    phone_on.context.add_init_script(
        """new MutationObserver((_, observer) => {
            const told = document.getElementById("push-here");
            if (!told) return;
            told.dataset.held = told.dataset.choice = "";
            observer.disconnect();
        }).observe(document, { childList: true, subtree: true });"""
    )
    with phone_on.page.expect_response(re.compile("/push/subscription$")):
        phone_on.page.goto("/settings")
    phone_on.expect("on")
    assert held_by(phone_on.live, alice) == [phone_on.devices[0].endpoint]


def test_after_signing_out_here_pushes_are_offered_again(phone_on: PushPhone, alice: Person) -> None:
    _sign_out_and_in(phone_on, alice)
    phone_on.page.goto("/settings")
    phone_on.expect("off")
    assert held_by(phone_on.live, alice) == []
    phone_on.page.locator("push-toggle [data-action=enable]").click()
    phone_on.expect("on")


def test_who_switched_off_here_stays_off(phone_on: PushPhone, alice: Person) -> None:
    phone_on.page.locator("push-toggle [data-action=disable]").click()
    phone_on.expect("off")
    for path in ("/", "/settings"):
        phone_on.page.goto(path)
        phone_on.page.wait_for_load_state("networkidle")
    phone_on.expect("off")
    _sign_out_and_in(phone_on, alice)
    phone_on.page.goto("/settings")
    phone_on.expect("off")
    assert (held_by(phone_on.live, alice), phone_on.endpoint()) == ([], None)


def test_what_the_browser_kept_after_switching_off_is_ended(phone_on: PushPhone, alice: Person) -> None:
    held = phone_on.page.evaluate("localStorage.getItem('browser')")
    phone_on.page.locator("push-toggle [data-action=disable]").click()
    phone_on.expect("off")
    phone_on.page.evaluate("(held) => localStorage.setItem('browser', held)", held)
    phone_on.page.goto("/")
    phone_on.page.wait_for_function("() => !JSON.parse(localStorage.getItem('browser')).held")
    assert held_by(phone_on.live, alice) == []


def test_who_signs_in_on_the_phone_of_another_takes_it_over(phone_on: PushPhone, alice: Person) -> None:
    """Alice's cookie went without a sign-out: her pushes must not be shown to Bob."""
    phone_on.context.clear_cookies(name="eldsjal")
    bob = newcomer(phone_on.live, phone_on.context, "Bob Berg", "klippan")
    phone_on.page.goto("/")
    phone_on.await_held(bob, 1)
    assert phone_on.endpoint() not in held_by(phone_on.live, alice)


@pytest.mark.parametrize("is_given", [True, False])
def test_the_worker_tells_the_server_of_a_changed_subscription(
    is_given: bool, phone_on: PushPhone, alice: Person
) -> None:
    phone_on.page.reload()
    fresh = phone_on.devices[5].subscription()
    change_subscription(
        phone_on.context, to_be_had=None if is_given else fresh, given=fresh if is_given else None
    )
    assert held_by(phone_on.live, alice) == [phone_on.devices[5].endpoint]


def test_the_worker_subscribes_with_the_key_of_now(phone_on: PushPhone, alice: Person) -> None:
    _replace_the_key(phone_on, alice)
    change_subscription(phone_on.context, to_be_had=phone_on.devices[5].subscription(), given=None)
    assert held_by(phone_on.live, alice) == [phone_on.devices[5].endpoint]


@pytest.mark.parametrize("reason", ["away", "off", "signed out"])
def test_the_worker_changes_nothing_when_it_cannot_or_may_not(
    reason: str, phone_on: PushPhone, alice: Person
) -> None:
    if reason == "off":
        phone_on.page.locator("push-toggle [data-action=disable]").click()
        phone_on.expect("off")
    if reason == "signed out":
        phone_on.context.clear_cookies(name="eldsjal")
    before = held_by(phone_on.live, alice)
    fresh = None if reason == "away" else phone_on.devices[5].subscription()
    change_subscription(phone_on.context, to_be_had=fresh, given=None)
    assert held_by(phone_on.live, alice) == before
