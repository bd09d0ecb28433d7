"""A push that is tapped while something in the open window would be lost by going there: the window stays."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from app.extensions import db
from tests.browser.live import Live
from tests.browser.phones import PREPARED_MS, Enter, governed
from tests.browser.push_worker import notifications, push, tap
from tests.factories import make_activity
from tests.pictures import jpeg

_NEWS = {
    "id": "7",
    "title": "Etappen har startat",
    "body": "Nu gör vi.",
    "url": "/stages",
    "tag": "stage-2",
    "lang": "sv",
}


@pytest.fixture
def activity(page: Page, context: BrowserContext, signed_in: Enter, live: Live, base_url: str) -> int:
    """Alice's activity; she is at the feed, in a page that the worker governs and that may show notifications."""
    context.grant_permissions(["notifications"], origin=base_url)
    alice = signed_in("Alice Ahl", "bjuv")
    with live.app.app_context():
        number = make_activity(db.session.merge(alice)).id
    governed(page)
    return number


@pytest.fixture
def slow(page: Page, context: BrowserContext) -> Iterator[Callable[[int], None]]:
    """`slow(20_000)`: from now on the page sends that many bytes a second; `slow(-1)` lets it send as it can."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")

    def throttle(bytes_a_second: int) -> None:
        conditions = {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_a_second,
        }
        session.send("Network.emulateNetworkConditions", conditions)

    yield throttle
    throttle(-1)


def _push_and_tap(page: Page, context: BrowserContext) -> None:
    push(page, context, json.dumps(_NEWS))
    tap(context)


def _expect_link_and_follow(page: Page, context: BrowserContext, stays_at: str) -> None:
    toast = page.locator(".toasts .toast", has_text=_NEWS["title"])
    expect(toast).to_be_visible()
    expect(page).to_have_url(stays_at)
    assert notifications(page) == []
    with context.expect_page() as opened:
        toast.get_by_role("link", name="Öppna").click()
    expect(opened.value).to_have_url("/stages")
    expect(toast).to_have_count(0)
    expect(page).to_have_url(stays_at)


def test_a_push_tapped_during_an_upload_loses_no_photo(
    page: Page, context: BrowserContext, activity: int, slow: Callable[[int], None]
) -> None:
    form = f"/activities/{activity}/outcome"
    page.goto(form)
    slow(20_000)
    page.locator("input[type=file]").set_input_files(_heavy_picture())
    page.wait_for_function("() => document.querySelector('.shot.waiting progress')?.value > 0")
    _push_and_tap(page, context)
    _expect_link_and_follow(page, context, form)
    assert page.locator(".shot.waiting").count() == 1, "the upload was still under way"
    slow(-1)
    expect(page.locator(".shot img[alt^='Din bild']")).to_be_visible(timeout=PREPARED_MS)


def test_a_photo_that_waits_to_be_sent_again_is_not_left(
    page: Page, context: BrowserContext, activity: int
) -> None:
    form = f"/activities/{activity}/outcome"
    page.goto(form)
    page.route("**/photos", lambda route: route.abort())
    page.locator("input[type=file]").set_input_files(_heavy_picture())
    expect(page.locator(".shot.waiting [data-failed]")).to_be_visible()
    page.unroute_all()
    _push_and_tap(page, context)
    _expect_link_and_follow(page, context, form)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/activities/new", "[name=title]"),
        ("/activities/{number}/outcome", "textarea"),
        ("/activities/{number}/edit", "[name=place]"),
    ],
)
def test_text_that_is_not_sent_is_not_left(
    path: str, field: str, page: Page, context: BrowserContext, activity: int
) -> None:
    form = path.format(number=activity)
    page.goto(form)
    written = page.locator(f"main form {field}").first
    written.fill("Nästan färdigt")
    _push_and_tap(page, context)
    _expect_link_and_follow(page, context, form)
    expect(written).to_have_value("Nästan färdigt")


def test_text_that_was_put_back_is_not_left_either(
    page: Page, context: BrowserContext, activity: int
) -> None:
    page.goto("/activities/new")
    page.locator("[name=title]").fill("Nästan färdigt")
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.reload()
    expect(page.locator("[data-draft-state]")).to_have_text("Vi har kvar det du skrev.")
    _push_and_tap(page, context)
    _expect_link_and_follow(page, context, "/activities/new")


def test_a_form_on_its_way_arrives(page: Page, context: BrowserContext, activity: int, live: Live) -> None:
    page.goto(f"/activities/{activity}/edit")
    push(page, context, json.dumps(_NEWS))
    page.locator("[name=place]").fill("Söderåsens nationalpark")
    # While the form is on its way, Playwright looks at nothing in the page.
    page.evaluate(
        """new MutationObserver(() => console.info(document.querySelector(".toasts").textContent))
            .observe(document.querySelector(".toasts"), { childList: true })"""
    )
    with (
        _writers_wait(live),
        page.expect_console_message(lambda message: _NEWS["title"] in message.text),
    ):
        page.locator("concreteness-meter [type=submit]").click(no_wait_after=True)
        tap(context)
    expect(page).to_have_url(re.compile(rf"/activities/{activity}$"), timeout=20_000)
    expect(page.locator("main")).to_contain_text("Söderåsens nationalpark")


@contextmanager
def _writers_wait(live: Live) -> Iterator[None]:
    """The database is busy, as for a slow server."""
    with closing(sqlite3.connect(live.folder / "eldsjal.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("path", ["/", "/activities/new", "/settings", "/inbox", "/stages"])
def test_a_window_with_nothing_to_lose_goes_there(
    path: str, page: Page, context: BrowserContext, activity: int
) -> None:
    page.goto(path)
    _push_and_tap(page, context)
    expect(page).to_have_url("/stages")
    expect(page.locator(".toasts .toast")).to_have_count(0)


def test_the_same_news_is_offered_once(page: Page, context: BrowserContext, activity: int) -> None:
    page.goto("/activities/new")
    page.locator("[name=title]").fill("Nästan färdigt")
    for _ in range(2):
        _push_and_tap(page, context)
        expect(page.locator(".toasts .toast", has_text=_NEWS["title"])).to_have_count(1)


def _heavy_picture() -> FilePayload:
    """About 200 kB: a small picture, and bytes after its end that no reader minds."""
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": jpeg() + bytes(200_000)}
