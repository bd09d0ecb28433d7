"""What stands beside what, and what below, on the narrowest phones, on usual ones and on a desk."""

from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect

from tests.browser.phones import Enter

_WIDTHS = (320, 390, 1280)


def test_the_way_to_sign_in_stands_below_the_words_that_lead_to_it(
    page: Page, context: BrowserContext, signed_in: Enter
) -> None:
    signed_in()
    page.goto("/activities/new")
    context.clear_cookies(name="eldsjal")
    page.locator("label:has(input[name=focus_area][value=miljo])").click()
    toast = page.locator("#toasts .toast")
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        words, link = _box(toast.locator("span")), _box(toast.get_by_role("link"))
        assert link["y"] >= words["y"] + words["height"], width
        assert link["x"] == words["x"], width
        assert words["width"] >= _box(toast)["width"] / 2, width


def _box(shown: Locator) -> FloatRect:
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box
    return box
