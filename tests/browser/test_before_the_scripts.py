"""On a slow network people write and choose before a page's scripts are there; that is not lost either."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.extensions import db
from tests.browser.live import Live
from tests.browser.phones import PREPARED_MS, newcomer, until
from tests.factories import make_activity
from tests.pictures import jpeg


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """Of a phone that has no worker yet, which would have kept the scripts."""
    return new_context(service_workers="block").new_page()


def test_a_picture_that_is_chosen_goes_when_the_script_comes(page: Page, live: Live) -> None:
    alice = newcomer(live, page.context)
    with live.app.app_context():
        activity = make_activity(db.session.merge(alice)).id
    with _comes_late(page, "photo-picker.js", f"/activities/{activity}/outcome"):
        page.locator("input[type=file]").set_input_files(
            {"name": "brygga.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
        )
    expect(page.locator(".shot[id] img[src^='/media/']")).to_be_visible(timeout=PREPARED_MS)


def test_what_is_written_is_kept_when_the_script_comes(page: Page, live: Live) -> None:
    newcomer(live, page.context)
    with _comes_late(page, "draft-form.js", "/activities/new"):
        page.locator("[name=title]").fill("Läsa högt på biblioteket")
        page.locator("label:has(input[name=value][value=gemensamt])").click()
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.reload()
    expect(page.locator("[name=title]")).to_have_value("Läsa högt på biblioteket")
    expect(page.locator("[name=value][value=gemensamt]")).to_be_checked()


def test_what_is_written_goes_before_what_was_kept_and_the_rest_is_put_back(page: Page, live: Live) -> None:
    newcomer(live, page.context)
    page.goto("/activities/new")
    expect(page.locator("draft-form:defined")).not_to_have_count(0)
    page.locator("[name=title]").fill("Läsa högt")
    page.locator("[name=place]").fill("Biblioteket")
    until(page, "Object.values(localStorage).some((kept) => kept.includes('Biblioteket'))")
    page.goto("/inbox")
    with _comes_late(page, "draft-form.js", "/activities/new"):
        page.locator("[name=title]").fill("Läsa högt för de minsta")
    expect(page.locator("[name=place]")).to_have_value("Biblioteket")
    expect(page.locator("[name=title]")).to_have_value("Läsa högt för de minsta")


@contextmanager
def _comes_late(page: Page, script: str, path: str) -> Iterator[None]:
    """The page at `path` is there, and its script waits as long as the block lasts."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/js/{script}", hold)
    with page.expect_request(f"**/js/{script}"):
        page.goto(path, wait_until="commit")
    yield
    held.pop().continue_()
    page.unroute(f"**/js/{script}", hold)
