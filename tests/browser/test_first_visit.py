"""What a phone must fetch at the first visit, on a patchy network."""

from playwright.sync_api import BrowserContext, Page, Request

from app import clock
from tests.browser.live import Live
from tests.browser.phones import controlled, newcomer
from tests.factories import make_activity, make_outcome, make_person

_MOST = 90_000


def test_the_first_visit_of_the_feed_is_light(page: Page, context: BrowserContext, live: Live) -> None:
    """At most 90 kB compressed without photos; font, htmx and what the worker puts by are in it. That no page asks
    another origin is seen to by every test of this folder (`watch`)."""
    _a_page_of_news(live)
    newcomer(live, context)
    came: list[Request] = []
    context.on("requestfinished", lambda request: came.append(request))  # noqa: PLW0108  no built-in may listen
    page.goto("/")
    controlled(page)
    page.wait_for_load_state("networkidle")
    assert page.locator("article.act").count() >= 15
    weights = [(request.url, _weight(request)) for request in came if "/media/" not in request.url]
    for part in (
        "/vendor/htmx",
        ".woff2",
        "/js/app",
        "/js/new-items",
        "/css/app",
        "/offline",
        "/service-worker",
    ):
        assert any(part in url and weight for url, weight in weights), part
    assert sum(weight for _, weight in weights) <= _MOST, weights


def _weight(request: Request) -> int:
    """Bytes on the wire, headers included; none for what came from the browser's own store."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def _a_page_of_news(live: Live) -> None:
    """The newest there are, whatever other tests have left."""
    now = clock.now()
    with live.app.app_context():
        for number in range(20):
            owner = make_person(f"Person {number}", "svalov")
            title = f"Bjud in grannarna på fika nummer {number}"
            make_outcome(make_activity(owner, title=title, now=now), now=now)
