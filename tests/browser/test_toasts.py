"""What is said in passing takes room of its own: it never lies over what one needs next."""

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect

from app.extensions import db
from app.models.person import Role
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.browser.stage_lessons import make_stage_lessons
from tests.factories import make_activity, make_person

#: The narrowest phone, a usual one, where the plan's columns begin, a desk, and a desk's low window.
_SIZES = ((320, 568), (390, 844), (1104, 700), (1280, 800), (1280, 480))
#: Where the page can be: at its top, half-way, at its end.
_PLACES = (0, 0.5, 1)


def test_what_is_said_while_one_plans_never_covers_what_sends_the_plan(
    page: Page, context: BrowserContext, signed_in: Enter
) -> None:
    signed_in()
    toast = _signed_out_while_planning(page, context)
    _expect_clear(page, toast, page.locator("concreteness-meter [type=submit]"))


def test_what_is_said_while_lessons_are_drafted_never_covers_what_publishes_them(
    page: Page, signed_in: Enter, live: Live
) -> None:
    with live.app.app_context():
        make_stage_lessons()
    signed_in("Lea Led", "helsingborg", Role.LEAD)
    page.goto("/stages/1/lessons/edit")
    _expect_clear(page, _failed(page), page.locator(".publish-bar"))


def _expect_clear(page: Page, toast: Locator, bar: Locator) -> None:
    for size in _SIZES:
        _resize(page, size)
        for place in _PLACES:
            page.evaluate("place => scrollTo(0, place * document.body.scrollHeight)", place)
            _drawn(page)
            assert not _covers(toast, bar), (size, place)


@pytest.mark.parametrize("size", _SIZES, ids=str)
def test_what_one_reaches_by_keyboard_is_not_below_what_is_said(
    page: Page, context: BrowserContext, signed_in: Enter, size: tuple[int, int]
) -> None:
    signed_in()
    toast = _signed_out_while_planning(page, context)
    _resize(page, size)
    page.locator("[name=title]").focus()
    reached = page.locator("main :focus")
    while reached.count():
        assert not _covers(toast, reached), reached.evaluate("one => one.outerHTML")
        page.keyboard.press("Tab")


@pytest.mark.parametrize("size", _SIZES, ids=str)
def test_a_button_whose_press_failed_stays_in_sight(
    page: Page, signed_in: Enter, live: Live, size: tuple[int, int]
) -> None:
    with live.app.app_context():
        number = make_activity(make_person()).id
        db.session.commit()
    signed_in()
    page.goto(f"/activities/{number}")
    _resize(page, size)
    cheer = page.locator(f"#cheer-{number}-spark")
    cheer.evaluate("button => scrollBy(0, button.getBoundingClientRect().bottom - innerHeight)")
    page.route("**/cheer**", lambda route: route.fulfill(status=429))
    cheer.evaluate("button => button.click()")  # as some browsers do, without giving it the focus
    toast = page.locator("#toasts .toast")
    expect(toast).to_be_visible()
    assert not _covers(toast, cheer)


@pytest.mark.parametrize("size", _SIZES, ids=str)
def test_the_end_of_a_page_can_be_scrolled_clear_of_what_is_said(
    page: Page, signed_in: Enter, size: tuple[int, int]
) -> None:
    signed_in()
    page.goto("/me")
    toast = _failed(page)
    _resize(page, size)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    _drawn(page)
    last = page.locator("main :is(a, button)").last
    assert not _covers(toast, last)


def _signed_out_while_planning(page: Page, context: BrowserContext) -> Locator:
    page.goto("/activities/new")
    context.clear_cookies(name="eldsjal")
    page.locator("label:has(input[name=focus_area][value=miljo])").click()
    toast = page.locator("#toasts .toast")
    expect(toast).to_be_visible()
    return toast


def _failed(page: Page) -> Locator:
    page.evaluate("document.dispatchEvent(new Event('htmx:sendError'))")
    toast = page.locator("#toasts .toast")
    expect(toast).to_be_visible()
    return toast


def _resize(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    _drawn(page)


def _drawn(page: Page) -> None:
    """The script measures when the page is laid out, so the next picture has room."""
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def _covers(toast: Locator, below: Locator) -> bool:
    one, other = _box(toast), _box(below)
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def _box(shown: Locator) -> FloatRect:
    box = shown.bounding_box()
    assert box
    return box
