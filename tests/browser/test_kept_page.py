"""A page that was kept says how old it is, and offers the newer one without taking away what is being read."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.phones import until
from tests.browser.slow_network import SlowNetwork

_DAY = 24 * 3_600_000
_FINDINGS = """async () => (await axe.run(document)).violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`))"""
_WIDER = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def feed(alices: Page) -> Page:
    return alices


def test_on_a_slow_network_the_kept_page_comes_first_and_offers_the_newer_one(
    feed: Page, slow: SlowNetwork
) -> None:
    _show_kept(feed, slow)
    banner = feed.locator("offline-banner[role=status] .banner")
    expect(banner).to_contain_text("Sidan sparades i dag")
    expect(banner).not_to_contain_text("offline")
    feed.evaluate("self.sameDocument = true")
    slow.release("/")
    expect(banner).to_contain_text("En nyare version har kommit.")
    assert feed.evaluate("self.sameDocument") is True
    slow.hold("/")  # what has come is shown at once, however slow the network is
    banner.get_by_role("link", name="Visa").click()
    feed.wait_for_function("() => !self.sameDocument && !document.body?.dataset.keptAt")
    expect(banner).to_have_count(0)


def test_without_a_network_it_says_both_and_offers_the_newer_one_when_the_network_is_back(
    feed: Page, tablet: BrowserContext
) -> None:
    tablet.set_offline(True)
    feed.goto("/")
    banner = feed.locator("offline-banner .banner")
    expect(banner).to_contain_text("Du är offline")
    expect(banner).to_contain_text("Sidan sparades i dag")
    tablet.set_offline(False)
    expect(banner).to_contain_text("En nyare version har kommit.", timeout=15_000)


def test_a_network_that_breaks_off_leaves_the_kept_page_and_is_tried_again(
    feed: Page, slow: SlowNetwork
) -> None:
    _show_kept(feed, slow)
    slow.release("/", cut=True)
    expect(feed.locator("offline-banner .banner")).to_contain_text(
        "En nyare version har kommit.", timeout=15_000
    )


@pytest.mark.parametrize(
    ("language", "age", "words"),
    [
        ("sv", 0, "i dag {clock}"),
        ("sv", _DAY, "i går {clock}"),
        ("sv", 40 * _DAY, "{day} {month} {clock}"),
        ("en", 0, "today {clock}"),
        ("en", _DAY, "yesterday {clock}"),
        ("en", 40 * _DAY, "{day} {month} {clock}"),
        ("en", 500 * _DAY, "{day} {month} {year} {clock}"),
    ],
)
def test_the_age_is_said_in_the_readers_words_and_in_the_devices_time(
    feed: Page, language: str, age: int, words: str
) -> None:
    shown = feed.evaluate(
        """async ([language, age]) => {
            document.documentElement.lang = language;
            const script = document.querySelector("script[type=module]").src.replace("app.js", "kept-page.js");
            const at = new Date(Date.now() - age);
            const two = (number) => String(number).padStart(2, "0");
            const month = at.toLocaleDateString(language === "en" ? "en-GB" : "sv", { month: "short", day: "numeric" });
            return { words: (await import(script)).moment(at), year: String(at.getFullYear()),
                day: String(at.getDate()), month: month.replace(/[0-9 ]/g, ""),
                clock: two(at.getHours()) + (language === "sv" ? "." : ":") + two(at.getMinutes()) };
        }""",
        [language, age],
    )
    assert shown.pop("words") == words.format(**shown)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("newer", [True, False])
def test_the_banner_is_for_everyone(feed: Page, slow: SlowNetwork, scheme: str, newer: bool) -> None:
    feed.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    _show_kept(feed, slow)
    if newer:
        slow.release("/")
    expect(feed.locator("[data-action=newer]" if newer else "[data-part=kept]")).to_be_visible()
    feed.set_viewport_size({"width": 320, "height": 640})
    assert feed.evaluate(_WIDER) == 0
    feed.evaluate(Axe().axe_script)
    assert feed.evaluate(_FINDINGS) == []


def _show_kept(feed: Page, slow: SlowNetwork) -> None:
    slow.hold("/")
    feed.goto("/")
    until(feed, "document.body.dataset.keptAt")
