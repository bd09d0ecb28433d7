"""Pushes in Chromium: what the worker of the page shows and opens, and what the application sends to a subscriber."""

import json
from datetime import time
from time import monotonic, sleep

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.notification import PushSubscription
from app.models.person import Person
from app.services.activities.plan import invite
from app.services.activities.visibility import whole_activity
from tests.browser.live import Live
from tests.browser.phones import Enter, governed
from tests.browser.push_worker import notifications, push, tap
from tests.factories import make_activity, make_person
from tests.push_device import Device
from tests.push_service import PushService, Received

_NEWS = {
    "id": "7",
    "title": "Etappen har startat",
    "body": "Nu gör vi.",
    "url": "/stages",
    "tag": "stage-2",
    "lang": "sv",
}

#: Pushes at any hour, but none about the stage: the worker may find one due just now.
_ALWAYS = {"push_from": time(0), "push_until": time(0), "push_weekends": True, "muted_groups": ["stage"]}

#: The browser's own push service is out of reach, so the page is given a subscription to ours.
_SUBSCRIBE = """(given) => {
    const subscription = {
        ...given, options: {}, toJSON: () => given, unsubscribe: async () => true,
    };
    let held = null;
    PushManager.prototype.subscribe = async (options) => {
        subscription.options = { applicationServerKey: options.applicationServerKey.buffer };
        return (held = subscription);
    };
    PushManager.prototype.getSubscription = async () => held;
}"""


@pytest.fixture
def feed(page: Page, context: BrowserContext, signed_in: Enter, base_url: str) -> Page:
    """The feed, in a page that the worker governs and that may show notifications."""
    context.grant_permissions(["notifications"], origin=base_url)
    signed_in("Alice Ahl", "bjuv")
    return governed(page)


def test_a_push_is_shown_once_however_often_it_comes(feed: Page, context: BrowserContext) -> None:
    push(feed, context, json.dumps(_NEWS))
    push(feed, context, json.dumps(_NEWS))
    [shown] = notifications(feed)
    assert shown == {
        "title": _NEWS["title"],
        "body": _NEWS["body"],
        "tag": "stage-2",
        "lang": "sv",
        "url": "/stages",
    }


def test_a_push_that_cannot_be_read_still_shows_something(feed: Page, context: BrowserContext) -> None:
    """iOS withdraws a subscription whose pushes show nothing."""
    push(feed, context, "not json")
    [shown] = notifications(feed)
    assert shown["title"] == "Eldsjäl"
    assert shown["url"] == "/inbox"


def test_a_tapped_push_opens_its_screen_in_the_open_window(feed: Page, context: BrowserContext) -> None:
    push(feed, context, json.dumps(_NEWS))
    tap(context)
    expect(feed).to_have_url("/stages")
    assert notifications(feed) == []


def test_a_tapped_push_never_leads_to_another_site(feed: Page, context: BrowserContext) -> None:
    feed.goto("/inbox")
    push(feed, context, json.dumps({**_NEWS, "url": "https://evil.example/"}))
    tap(context)
    expect(feed).to_have_url("/")


def test_what_the_worker_sends_can_be_read_by_the_subscriber_alone(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live, push_service: PushService
) -> None:
    alice = signed_in("Alice Ahl", "bjuv", **_ALWAYS)
    device = push_service.device(f"alice-{alice.id}")
    _subscribe(page, context, device, live.url)

    _invite(live, alice)

    [sent] = _received(push_service, device)
    news = json.loads(device.decrypt(sent.body))
    assert "Bob Berg" in news["title"]
    assert news["url"].startswith("/inbox/")
    assert news["lang"] == "sv"
    assert sent.headers["content-encoding"] == "aes128gcm"
    page.goto(news["url"])
    expect(page.get_by_role("button", name="Jag är med")).to_be_visible()


def test_send_me_a_test_arrives(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live, push_service: PushService
) -> None:
    alice = signed_in("Alice Ahl", "bjuv", **_ALWAYS)
    device = push_service.device(f"tries-{alice.id}")
    _subscribe(page, context, device, live.url)
    page.locator("push-toggle [data-action=test]").click()
    [sent] = _received(push_service, device)
    assert json.loads(device.decrypt(sent.body))["tag"] == "test"
    push(page, context, device.decrypt(sent.body).decode())
    expect(page.locator("push-toggle [data-result]")).to_have_text("Den kom fram. Allt fungerar.")


def test_sign_out_ends_the_subscription(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live, push_service: PushService
) -> None:
    alice = signed_in("Alice Ahl", "bjuv", **_ALWAYS)
    device = push_service.device(f"leaves-{alice.id}")
    _subscribe(page, context, device, live.url)
    page.locator("form[data-sign-out] button").first.click()
    page.wait_for_url("/login")
    with live.app.app_context():
        held = select(PushSubscription.id).where(PushSubscription.person_id == alice.id)
        assert db.session.scalars(held).all() == []


def _subscribe(page: Page, context: BrowserContext, device: Device, origin: str) -> None:
    """By the button of the settings."""
    context.grant_permissions(["notifications"], origin=origin)
    context.add_init_script(f"({_SUBSCRIBE})({json.dumps(device.subscription())})")
    page.goto("/settings")
    page.locator("push-toggle [data-action=enable]").click()
    expect(page.locator("push-toggle")).to_have_attribute("data-now", "on")


def _invite(live: Live, person: Person) -> None:
    with live.app.app_context():
        bob = make_person("Bob Berg", "klippan")
        activity = whole_activity(make_activity(bob).id)
        assert activity
        invite(activity, db.session.get_one(Person, person.id), by=bob, now=clock.now())
        db.session.commit()


def _received(service: PushService, device: Device) -> list[Received]:
    """What has come for that device, waiting for the worker if need be."""
    deadline = monotonic() + 30
    while monotonic() < deadline:
        found = [one for one in service.received if one.path == device.path]
        if found:
            return found
        sleep(0.1)
    raise AssertionError("no push within 30 seconds")
