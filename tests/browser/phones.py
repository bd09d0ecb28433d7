"""Who holds a phone, and what no page may do on it."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import Any

from flask import session
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError
from playwright.sync_api import Error as PlaywrightError

from app.extensions import db
from app.models.person import Person
from app.web.identity import sign_in
from tests.browser.live import Live
from tests.factories import NOW, make_person

#: Milliseconds, at most, until the worker has prepared a picture and its tile has asked for it, on a busy machine.
PREPARED_MS = 60_000

#: A maker of somebody who is signed in; arguments go to `make_person`.
Enter = Callable[..., Person]


def newcomer(live: Live, context: BrowserContext, *args: Any, **kwargs: Any) -> Person:
    """Somebody new, signed in on that phone; arguments go to `make_person`."""
    with live.app.app_context():
        person = make_person(*args, **kwargs)
        enter_as(live, context, person)
        db.session.refresh(person)
        db.session.expunge(person)
    return person


def enter_as(live: Live, context: BrowserContext, person: Person) -> None:
    """Give that phone a session of the person's."""
    with live.app.test_request_context():
        sign_in(person, "Test phone", NOW)
        db.session.commit()
        serializer = live.app.session_interface.get_signing_serializer(live.app)  # type: ignore[attr-defined]
        value = serializer.dumps(dict(session))
    context.add_cookies([{"name": "eldsjal", "value": value, "url": live.url}])


def watch(context: BrowserContext, base_url: str, faults: list[str] | None = None) -> list[str]:
    """What no page may do, written into the list that is given back as it happens."""
    noted: list[str] = [] if faults is None else faults

    def asks(request: Request) -> None:
        if not request.url.startswith((f"{base_url}/", "blob:", "data:")):
            noted.append(f"asks {request.url}")

    def says(message: ConsoleMessage) -> None:
        # The browser and HTMX each have a word for an answer that is no success; the tests look at these themselves.
        of_an_answer = ("Failed to load resource", "Response Status Error Code 4")
        if message.type == "error" and not message.text.startswith(of_an_answer):
            noted.append(f"says {message.text}")

    def throws(error: WebError) -> None:
        noted.append(f"throws {error.error}")

    context.on("request", asks)
    context.on("console", says)
    context.on("weberror", throws)
    return noted


def governed(page: Page) -> Page:
    """The feed, in a page that the service worker governs and has kept."""
    page.goto("/")
    controlled(page)
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    until(page, "await caches.match('/', { cacheName: 'feed' })")
    return page


def until(page: Page, expression: str) -> None:
    """Wait until the expression is true in the page; unlike Playwright's own waiting it may hold `await`.

    The page is asked anew every time, and never waited for: a promise of a page that goes away meanwhile, or of a cache
    that is being deleted, may not settle at all.
    """
    answer = f"until_{next(_asked)}"
    ask = (
        f"void (async () => Boolean({expression}))().then((is) => {{ window.{answer} ||= is; }}, () => {{}})"
    )
    deadline = monotonic() + 20
    while monotonic() < deadline:
        with suppress(PlaywrightError):  # between two pages
            page.evaluate(f"() => {{ {ask}; }}")
            page.wait_for_timeout(50)
            if page.evaluate(f"() => window.{answer} === true"):
                return
    raise AssertionError(f"never true: {expression}")


#: Each question has a name of its own, so that a late answer is not taken for another question's.
_asked = count()


def controlled(page: Page) -> None:
    """Wait until the service worker is ready for the page."""
    until(page, "Boolean(await navigator.serviceWorker.ready)")
