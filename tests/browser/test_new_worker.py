"""A new version of the service worker comes while somebody signs in: nothing they typed is lost, and nothing hangs."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.extensions import db
from tests.browser.live import Live
from tests.browser.phones import controlled, until
from tests.browser.slow_network import SlowNetwork
from tests.factories import make_person

_SEND = "POST /login/code"
_IN_COMMAND = "navigator.serviceWorker.controller?.scriptURL.includes('new')"


def test_it_comes_between_typing_and_sending(tablet: BrowserContext, live: Live) -> None:
    page, code = _asked_for_code(tablet, live)
    field = page.locator("[name=code]")
    field.fill(code)
    page.evaluate("window.isTheSame = true")
    _renew(page)
    until(page, _IN_COMMAND)
    expect(field).to_have_value(code)
    assert page.evaluate("window.isTheSame"), "the page was loaded anew"
    _send(page)
    page.wait_for_url("**/")


@pytest.mark.parametrize("answers", [False, True], ids=["on its way", "answered"])
def test_it_comes_while_the_code_is_being_sent(
    tablet: BrowserContext, live: Live, slow: SlowNetwork, answers: bool
) -> None:
    page, code = _asked_for_code(tablet, live)
    page.locator("[name=code]").fill(code)
    other = tablet.new_page()  # a page that is being left answers no questions
    other.goto("/login")
    slow.hold(_SEND, answers=answers)
    _send(page)
    slow.await_question(_SEND)
    _renew(other)
    until(other, "(await navigator.serviceWorker.getRegistration()).waiting || " + _IN_COMMAND)
    slow.release(_SEND)
    page.wait_for_url("**/")


@pytest.mark.parametrize("held", ["/offline", "/service-worker.js?new"])
def test_the_code_is_sent_while_it_comes(
    tablet: BrowserContext, live: Live, slow: SlowNetwork, held: str
) -> None:
    page, code = _asked_for_code(tablet, live)
    page.locator("[name=code]").fill(code)
    slow.hold(held)
    _renew(page)
    slow.await_question(f"GET {held}")
    slow.hold(_SEND)
    _send(page)
    slow.await_question(_SEND)
    slow.release(held)
    slow.release(_SEND)
    page.wait_for_url("**/")


def _asked_for_code(tablet: BrowserContext, live: Live) -> tuple[Page, str]:
    """A page that the worker governs, where the code is to be typed."""
    with live.app.app_context():
        email = make_person().email
        db.session.commit()
    page = tablet.new_page()
    page.goto("/login")
    controlled(page)
    page.locator("[name=email]").fill(email)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/login/code")
    until(page, "navigator.serviceWorker.controller")
    return page, live.code_for(email)


def _renew(page: Page) -> None:
    """As when a new version was put into service: for the browser, any other address is one."""
    page.evaluate(
        "void navigator.serviceWorker.register('/service-worker.js?new', { updateViaCache: 'none' })"
    )


def _send(page: Page) -> None:
    page.locator("main form [type=submit]").first.evaluate("button => button.click()")
