"""Eldsjäl as an app on a phone: installed, read without a network, reached by pushes, forgetful at sign-out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.models.person import Person

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]

_NEWS = {
    "id": "7",
    "title": "Etappen har startat",
    "body": "Nu gör vi.",
    "url": "/stages",
    "tag": "stage-2",
    "lang": "sv",
}


@pytest.fixture
def app_page(page: Page, signed_in: Enter) -> Page:
    """The feed, in a page that the worker governs."""
    signed_in("Alice Ahl", "bjuv")
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function("caches.match('/', { cacheName: 'feed' }).then(Boolean)")
    return page


def test_the_browser_finds_nothing_that_hinders_installing(app_page: Page, context: BrowserContext) -> None:
    session = context.new_cdp_session(app_page)
    assert session.send("Page.getAppManifest")["errors"] == []
    hindrances = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in hindrances if one["errorId"] != "in-incognito"] == []


def test_the_last_feed_can_be_read_without_a_network(app_page: Page, context: BrowserContext) -> None:
    heading = app_page.get_by_role("heading", level=1).inner_text()
    context.set_offline(True)
    app_page.goto("/")
    expect(app_page.get_by_role("heading", level=1)).to_have_text(heading, use_inner_text=True)
    expect(app_page.locator(".banner")).to_contain_text("offline")


def test_another_page_says_that_there_is_no_network(app_page: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    app_page.goto("/leaderboard")
    expect(app_page.get_by_role("heading", level=1)).to_have_text("Du är offline")
    app_page.get_by_role("link", name="Senaste flödet").click()
    expect(app_page).to_have_url("/")


def test_only_the_feed_is_kept(app_page: Page) -> None:
    app_page.goto("/me")
    app_page.goto("/settings")
    kept = app_page.evaluate(
        """caches.open("feed").then((feed) => feed.keys())
            .then((requests) => requests.map((request) => new URL(request.url).pathname))"""
    )
    assert kept == ["/"]


def test_sign_out_makes_the_phone_forget(app_page: Page, context: BrowserContext) -> None:
    app_page.evaluate("localStorage.setItem('draft:1:plan', '{}')")
    app_page.goto("/settings")
    app_page.locator("form[data-sign-out] button").click()
    app_page.wait_for_url(lambda url: not url.endswith("/settings"))
    app_page.wait_for_function("caches.has('feed').then((kept) => !kept)")
    assert app_page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
    context.set_offline(True)
    app_page.goto("/")
    expect(app_page.get_by_role("heading", level=1)).to_have_text("Du är offline")


def test_what_was_written_is_there_after_a_reload(app_page: Page) -> None:
    app_page.goto("/activities/new")
    title = app_page.locator("[name=title]")
    title.fill("Bjuda grannkommunens chefer på fika")
    expect(app_page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    app_page.reload()
    expect(title).to_have_value("Bjuda grannkommunens chefer på fika")
    expect(app_page.locator("[data-draft-state]")).to_have_text("Vi har kvar det du skrev.")


def test_a_push_is_shown_once_however_often_it_comes(
    app_page: Page, context: BrowserContext, base_url: str
) -> None:
    _push(app_page, context, base_url, json.dumps(_NEWS))
    _push(app_page, context, base_url, json.dumps(_NEWS))
    [shown] = _notifications(app_page)
    assert shown == {
        "title": _NEWS["title"],
        "body": _NEWS["body"],
        "tag": "stage-2",
        "lang": "sv",
        "url": "/stages",
    }


def test_a_push_that_cannot_be_read_still_shows_something(
    app_page: Page, context: BrowserContext, base_url: str
) -> None:
    """iOS withdraws a subscription whose pushes show nothing."""
    _push(app_page, context, base_url, "not json")
    [shown] = _notifications(app_page)
    assert shown["title"] == "Nytt från Eldsjäl"
    assert shown["url"] == "/inbox"


def test_a_tapped_push_opens_its_screen_in_the_open_window(
    app_page: Page, context: BrowserContext, base_url: str
) -> None:
    _push(app_page, context, base_url, json.dumps(_NEWS))
    _tap(context)
    expect(app_page).to_have_url("/stages")
    assert _notifications(app_page) == []


def test_a_tapped_push_never_leads_to_another_site(
    app_page: Page, context: BrowserContext, base_url: str
) -> None:
    app_page.goto("/me")
    _push(app_page, context, base_url, json.dumps({**_NEWS, "url": "https://evil.example/"}))
    _tap(context)
    expect(app_page).to_have_url("/")


def _push(page: Page, context: BrowserContext, base_url: str, data: str) -> None:
    context.grant_permissions(["notifications"], origin=base_url)
    session = context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    registration = next(one for one in found if one["scopeURL"] == f"{base_url}/")
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": base_url, "registrationId": registration["registrationId"], "data": data},
    )
    session.detach()
    page.wait_for_function(
        "navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.length)"
    )


def _notifications(page: Page) -> list[dict[str, str]]:
    return page.evaluate(  # type: ignore[no-any-return]
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
            .map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, url: data.url }))"""
    )


def _tap(context: BrowserContext) -> None:
    context.service_workers[0].evaluate(
        """async () => {
            let notification;
            while (!notification) [notification] = await self.registration.getNotifications();
            self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
    )
