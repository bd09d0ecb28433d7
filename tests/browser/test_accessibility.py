"""Everyone can use it: axe finds nothing on any screen, nothing is wider than the screen, and a keyboard is enough."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy import select

from app.extensions import db
from app.models.person import Person
from app.models.programme import Municipality
from tests.browser.live import Live
from tests.browser.phones import Enter, enter_as, watch
from tests.browser.screens import SCREENS, Screen
from tests.browser.world import World, make_world

_EVERYTHING = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Every rule at both widths, and in the other theme those that it can change: a theme changes colours alone. From one
#: to the next as little changes as can, for the browser draws the whole page anew.
_LOOKS: Final = (
    (1280, "light", _EVERYTHING),
    (1280, "dark", _COLOURS),
    (390, "dark", _COLOURS),
    (390, "light", _EVERYTHING),
)
_FINDINGS = """async (runOnly) => (await axe.run(document, { resultTypes: ["violations"], runOnly }))
    .violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`))"""
_WIDER = """() => {
    const wide = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return [];
    const over = [...document.body.querySelectorAll("*")]
        .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    return [`${wide} px too wide: ${over.slice(-1).map((one) => one.outerHTML.slice(0, 120))}`];
}"""

#: What is put into a page goes to the first element of that id, so a second one loses it, and what stood there.
_TWICE = """() => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    return [...new Set(ids.filter((id, place) => ids.indexOf(id) < place))].map((id) => `two have the id ${id}`);
}"""

#: Without a place for the answer htmx sends nothing.
_NOWHERE = """() => [...document.querySelectorAll("[hx-target^='#']")].map((one) => one.getAttribute("hx-target"))
    .filter((place) => !document.querySelector(place)).map((place) => `an answer has no ${place} to go to`)"""

#: What a finger in the middle of a link, a button or a choice would meet is that, and nothing that lies over it.
_COVERED = """() => [...document.querySelectorAll("main :is(a[href], button, summary, label)")].flatMap((one) => {
    one.scrollIntoView({ block: "center", behavior: "instant" });
    const [box] = one.getClientRects();
    if (!box || box.width < 2 || getComputedStyle(one).visibility === "hidden") return [];
    const met = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!met || one.contains(met) || met.closest("label")?.contains(one)) return [];
    return [`${met.outerHTML.slice(0, 80)} lies over ${one.outerHTML.slice(0, 80)}`];
})"""

_SUBMIT = "(form, to) => { if (to) form.action = to; form.submit(); }"

#: As a phone does it whose owner has asked for large letters.
_LARGE_TEXT = "(size) => { document.documentElement.style.fontSize = size; }"


@pytest.fixture(scope="session")
def world(live: Live) -> World:
    return make_world(live)


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any], base_url: str) -> Iterator[Page]:
    """A window that can be made as wide as one likes; each of its pages has axe."""
    wishes = {**browser_context_args, "is_mobile": False, "has_touch": False, "service_workers": "block"}
    context = browser.new_context(**wishes)
    context.add_init_script(Axe().axe_script)
    faults = watch(context, base_url)
    yield context.new_page()
    context.close()
    assert faults == []


@pytest.mark.slow
@pytest.mark.parametrize("who", SCREENS)
def test_axe_finds_nothing_and_nothing_is_too_wide(desk: Page, who: str, live: Live, world: World) -> None:
    _sign_in(desk, who, live, world)
    faults = [
        f"{screen.path} {screen.send} {fault}"
        for screen in SCREENS[who]
        for fault in _faults_of(desk, screen, live, world)
    ]
    assert not faults, "\n".join(faults)


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page: Page, signed_in: Enter) -> None:
    signed_in()
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hoppa till innehållet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize(
    "path", ["/", "/activities/new", "/settings", "/leaderboard", "/stages", "/stages/1/end"]
)
def test_whoever_tabs_through_sees_where_they_are(page: Page, signed_in: Enter, path: str) -> None:
    signed_in()
    page.goto(path)
    unseen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        unseen += page.evaluate(_UNSEEN)
    assert unseen == []


def test_the_plan_form_needs_no_more_than_a_keyboard(page: Page, signed_in: Enter) -> None:
    signed_in()
    page.goto("/activities/new")
    keys = page.keyboard
    page.locator("[name=title]").focus()
    keys.type("Visa grannarna runt på biblioteket")
    _tab_to(page, "input[name=value]")
    keys.press("ArrowRight")
    _tab_to(page, "input[name=focus_area]")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    _tab_to(page, "[name=place]")
    keys.type("Stadsbiblioteket")
    _tab_to(page, "concreteness-meter [type=submit]")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Visa grannarna runt på biblioteket")


#: What has the focus, when neither an outline nor a shadow shows it or when it lies outside the window. The parts of a
#: date or time carry the browser's own mark, inside the field.
_UNSEEN = """() => {
    const here = document.activeElement;
    if (!here || here === document.body || here.matches("[type=date], [type=time]")) return [];
    const shown = here.getBoundingClientRect();
    const inside = shown.bottom > 0 && shown.top < innerHeight && shown.right > 0 && shown.left < innerWidth;
    const marks = [here, here.closest("label"), here.nextElementSibling].filter(Boolean);
    const marked = marks.map((one) => getComputedStyle(one)).some(
        (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
    );
    return inside && marked ? [] : [here.outerHTML.slice(0, 160)];
}"""


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never came to {selector}")


def _sign_in(page: Page, who: str, live: Live, world: World) -> None:
    name, _, how = who.partition(" ")
    language = "en" if how == "in English" else "sv"
    page.context.add_cookies([{"name": "language", "value": language, "url": live.url}])
    if number := world.people.get(name):
        with live.app.app_context():
            person = db.session.get_one(Person, number)
            person.language = language
            enter_as(live, page.context, person)


def _is_page(answer: Response) -> bool:
    """The page that a form ends on, after any redirect."""
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400


def _faults_of(page: Page, screen: Screen, live: Live, world: World) -> Iterator[str]:
    page.set_viewport_size({"width": 320, "height": 844})
    with live.app.app_context():
        join = db.session.scalar(select(Municipality.join_code).where(Municipality.slug == "bjuv"))
    numbers = world.people | world.activities | world.challenges
    found = page.goto(screen.path.format(join=join, **numbers, **world.tokens))
    assert found
    assert found.status == screen.found, screen
    if screen.send:
        for name, text in screen.fill.items():
            page.locator(f"{screen.send} [name={name}]").fill(text)
        # A draft writes into the history when its form goes, which counts as a navigation too.
        with page.expect_response(_is_page) as answer, page.expect_event("load"):
            page.locator(screen.send).first.evaluate(_SUBMIT, screen.to.format(**numbers))
        assert answer.value.status == screen.status, screen
    page.locator("details:not([open])").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    yield from page.evaluate(_TWICE)
    yield from page.evaluate(_NOWHERE)
    yield from page.evaluate(_WIDER)
    headings = page.locator("h1").count()
    if headings != 1 or not page.title().partition(" · ")[0].strip():
        yield f"{headings} h1, title “{page.title()}”"
    for width, scheme, wanted in _LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        yield from (f"{scheme} {width} {finding}" for finding in page.evaluate(_FINDINGS, wanted))
    page.evaluate(_LARGE_TEXT, "200%")
    yield from (f"200 % {finding}" for finding in page.evaluate(_WIDER))
    page.evaluate(_LARGE_TEXT, "")
    yield from page.evaluate(_COVERED)
