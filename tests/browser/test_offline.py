"""Without a network: the last feed can be read, other pages say so, and sign-out makes the phone forget."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.extensions import db
from app.models.person import Person
from tests.browser.live import Live
from tests.browser.phones import Enter, controlled, governed, until
from tests.browser.shared_device import shown_person


@pytest.fixture
def feed(page: Page, signed_in: Enter) -> Page:
    """The feed, in a page that the worker governs."""
    signed_in("Alice Ahl", "bjuv")
    return governed(page)


def test_the_last_feed_can_be_read(feed: Page, context: BrowserContext) -> None:
    heading = feed.get_by_role("heading", level=1).inner_text()
    context.set_offline(True)
    feed.goto("/")
    expect(feed.get_by_role("heading", level=1)).to_have_text(heading, use_inner_text=True)
    expect(feed.locator(".banner")).to_contain_text("offline")


def test_another_page_says_that_there_is_no_network(feed: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    feed.goto("/leaderboard")
    expect(feed.get_by_role("heading", level=1)).to_have_text("Du är offline")
    feed.get_by_role("link", name="Senaste flödet").click()
    expect(feed).to_have_url("/")


def test_it_says_so_in_the_language_of_the_page_before(
    feed: Page, context: BrowserContext, live: Live
) -> None:
    """By the same worker: a new one would take its place amid what people do."""
    number, kept = int(shown_person(feed)), sorted(feed.evaluate("caches.keys()"))
    with live.app.app_context():
        db.session.get_one(Person, number).language = "en"
        db.session.commit()
    feed.reload()
    until(feed, "(await (await caches.match('/offline')).text()).includes('You are offline')")
    assert sorted(feed.evaluate("caches.keys()")) == kept
    context.set_offline(True)
    feed.goto("/leaderboard")
    expect(feed.get_by_role("heading", level=1)).to_have_text("You are offline")


def test_only_the_feed_is_kept(feed: Page) -> None:
    feed.goto("/inbox")
    feed.goto("/settings")
    kept = feed.evaluate(
        """caches.open("feed").then((feed) => feed.keys())
            .then((requests) => requests.map((request) => new URL(request.url).pathname))"""
    )
    assert kept == ["/"]


def test_sign_out_makes_the_phone_forget(feed: Page, context: BrowserContext) -> None:
    feed.evaluate("localStorage.setItem('draft:1:plan', '{}')")
    feed.goto("/settings")
    feed.locator("form[data-sign-out] button").first.click()
    feed.wait_for_url("/login")
    assert feed.evaluate("caches.has('feed')") is False
    assert feed.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
    controlled(feed)
    feed.reload()
    context.set_offline(True)
    feed.goto("/")
    expect(feed.get_by_role("heading", level=1)).to_have_text("Du är offline")
