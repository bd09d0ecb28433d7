"""What stands beside what, and what below, on the narrowest phones, on usual ones and on a desk."""

from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect

from app.extensions import db
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.factories import make_activity, make_outcome, make_person

_WIDTHS = (320, 390, 1280)
#: What a thumb hits, in pixels.
_THUMB = 44


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


def test_each_thing_to_do_with_an_activity_has_its_icon_beside_its_word(
    page: Page, signed_in: Enter, live: Live
) -> None:
    with live.app.app_context():
        activity = make_activity(make_person("Erik Ek", "klippan")).path
        db.session.commit()
    signed_in()
    page.goto(activity)
    links = page.locator("main .bar-acts a")
    expect(links).to_have_text(["Tacka Erik", "Dela", "Be en samordnare titta"])
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for link in links.all():
            icon, whole = _box(link.locator("svg")), _box(link)
            assert abs(_middle(icon) - _middle(whole)) <= 1, (width, link.text_content())
            assert whole["height"] >= _THUMB, (width, link.text_content())
        first, last = _box(links.first), _box(links.last)
        assert last["y"] == first["y"] or last["x"] == first["x"], (
            f"{width}: a row of its own begins where all do"
        )


def test_the_ways_on_from_a_closed_form_stand_in_the_middle_or_fill_the_row(
    page: Page, signed_in: Enter, live: Live
) -> None:
    alice = signed_in()
    with live.app.app_context():
        activity = make_activity(db.session.merge(alice))
        make_outcome(activity)
        path = activity.path
    page.goto(f"{path}/edit")
    ways = page.locator("main .row .btn")
    expect(ways).to_have_text(["Till aktiviteten", "Till flödet"])
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        first, last = _box(ways.first), _box(ways.last)
        assert abs(first["x"] + last["x"] + last["width"] - width) <= 1, width
        assert first["y"] == last["y"] or first["width"] == last["width"], width


def _middle(box: FloatRect) -> float:
    return box["y"] + box["height"] / 2


def _box(shown: Locator) -> FloatRect:
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box
    return box
