"""One tap closes out: by a button of a push, and by a mail's link."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person
from app.services.activities.visibility import whole_activity
from app.services.notifications.close_address import close_address
from tests.browser.live import Live
from tests.browser.phones import Enter, governed, until
from tests.browser.push_worker import notifications, push, tap
from tests.factories import make_activity, make_person


def _due(live: Live, owner: Person | None = None) -> tuple[int, str]:
    """The number of an activity that was planned for yesterday, and the path at which its owner closes it out."""
    now = clock.now()
    yesterday = clock.local_date(now, "Europe/Stockholm") - timedelta(days=1)
    with live.app.app_context():
        owner = db.session.merge(owner) if owner else make_person("Alma Ask", "bjuv")
        activity = make_activity(
            owner, title="Fika med nyinflyttade", planned_for=yesterday, now=now - timedelta(days=3)
        )
        secret = live.app.config["SECRET_KEY"]
        return activity.id, close_address(activity.id, owner.id, yesterday, since=now, secret=secret)


def _activity(live: Live, number: int) -> Activity:
    with live.app.app_context():
        activity = whole_activity(number)
        assert activity
        return activity


def _news(close: str, **over: Any) -> str:
    news = {
        "id": "7", "title": "Hur gick det? · Fika", "body": "Ett tryck räcker.", "url": "/stages", "tag": "a-7",
        "lang": "sv", "close": close, "done": "Klart",
        "actions": [{"action": "done", "title": "Den blev av"}, {"action": "moved", "title": "Den är flyttad"}],
    }  # fmt: skip
    return json.dumps(news | over)


@pytest.fixture
def alice(page: Page, context: BrowserContext, signed_in: Enter, base_url: str) -> Person:
    """At the feed, in a page that the worker governs and that may show notifications."""
    context.grant_permissions(["notifications"], origin=base_url)
    person = signed_in("Alice Ahl", "bjuv")
    governed(page)
    return person


def _expect_shown(page: Page, title: str) -> None:
    until(
        page,
        f"(await (await navigator.serviceWorker.ready).getNotifications()).some(({{ title }}) => title === {title!r})",
    )


@pytest.mark.parametrize(("action", "heading"), [("done", "Klart. Den blev av."), ("moved", "Flyttad till")])
def test_a_button_of_the_push_does_it_at_once(
    page: Page, context: BrowserContext, live: Live, alice: Person, action: str, heading: str
) -> None:
    number, close = _due(live, alice)
    push(page, context, _news(close))
    tap(context, action)
    _expect_shown(page, "Klart")
    activity = _activity(live, number)
    assert (activity.is_carried_out, activity.is_open) == (action == "done", action == "moved")
    [shown] = notifications(page)
    assert (shown["title"], shown["tag"], shown["url"]) == ("Klart", "a-7", f"{live.url}{close}")
    tap(context)
    expect(page).to_have_url(close)
    expect(page.locator("h1")).to_contain_text(heading)


def test_the_body_of_the_push_leads_to_the_report(
    page: Page, context: BrowserContext, live: Live, alice: Person
) -> None:
    _number, close = _due(live, alice)
    push(page, context, _news(close))
    tap(context)
    expect(page).to_have_url("/stages")


def test_who_is_not_signed_in_any_more_answers_on_the_screen(
    page: Page, context: BrowserContext, live: Live, alice: Person
) -> None:
    number, close = _due(live, alice)
    context.clear_cookies()
    page.goto("/login")
    push(page, context, _news(close))
    tap(context)
    expect(page).to_have_url(close)
    page.get_by_role("button", name="Den blev av").click()
    expect(page.locator("h1")).to_have_text("Klart. Den blev av.")
    assert _activity(live, number).is_carried_out


def test_without_a_network_the_screen_opens_with_the_answer_in_front(
    page: Page, context: BrowserContext, live: Live, alice: Person
) -> None:
    number, close = _due(live, alice)
    push(page, context, _news(close))
    context.set_offline(True)
    tap(context, "moved")
    expect(page).to_have_url(f"{close}?choice=moved")
    context.set_offline(False)
    assert _activity(live, number).is_open
    page.goto(f"{close}?choice=moved")
    expect(page.locator(".answers button").first).to_have_text("Den är flyttad")


def test_what_is_over_opens_the_screen_that_says_so(
    page: Page, context: BrowserContext, live: Live, alice: Person
) -> None:
    push(page, context, _news("/close/no-such-token"))
    tap(context, "done")
    expect(page.locator("h1")).to_have_text("Den här länken gäller inte längre.")


def test_nothing_is_sent_to_another_origin(
    page: Page, context: BrowserContext, live: Live, alice: Person
) -> None:
    """The context's watch fails the test when something is."""
    push(page, context, _news("https://elsewhere.example/close/x"))
    tap(context, "done")
    expect(page).to_have_url("/stages")


def test_a_mail_s_link_after_two_scanners_without_a_session(page: Page, live: Live) -> None:
    number, close = _due(live)
    for choice in ("done", "not"):
        page.goto(f"{close}?choice={choice}")
        page.wait_for_load_state("networkidle")
    assert _activity(live, number).is_open
    page.get_by_role("button", name="Den blev inte av").click()
    expect(page.locator("h1")).to_have_text("Okej, det blev inte av.")
    page.get_by_text("Beslut dröjde").click()
    page.get_by_label("Vad ska nästa person veta?").fill("Fråga lokalvården en vecka innan.")
    page.get_by_role("button", name="Dela och få").click()
    expect(page.locator("h1")).to_contain_text("poäng till Bjuv.")
    outcome = _activity(live, number).outcome
    assert outcome
    assert outcome.hindrance == "decision"
    assert page.context.cookies() == []


def test_everything_works_without_javascript(
    browser: Browser, new_context: Callable[..., BrowserContext], live: Live
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    number, close = _due(live)
    page.goto(close)
    page.get_by_role("button", name="Den är flyttad").click()
    page.get_by_role("button", name="Ångra").click()
    page.get_by_role("button", name="Den blev av").click()
    page.locator(".rate label").nth(4).click()
    page.get_by_label("En mening till nästa som provar").fill("Ring dem som flyttat in dagen innan.")
    page.get_by_role("button", name="Spara och få").click()
    expect(page.locator("h1")).to_contain_text("Tack.")
    outcome = _activity(live, number).outcome
    assert outcome
    assert outcome.rating == 5
