"""Phones with Chromium, and a running installation that they all visit."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from app.extensions import db
from app.models.person import Person
from tests.browser.live import Live, chromium, running
from tests.browser.phones import Enter, governed, newcomer, watch
from tests.browser.shared_device import in_worker
from tests.browser.slow_network import SlowNetwork, slow_network
from tests.factories import make_activity, make_person
from tests.push_service import PushService


@pytest.fixture(scope="session")
def push_service() -> Iterator[PushService]:
    """Where the installation's pushes go."""
    with PushService() as service:
        yield service


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, push_service: PushService) -> Iterator[Live]:
    """One installation for all tests of this process, with its worker: what a browser does is committed, so a test
    makes people of its own and looks at what is theirs."""
    with running(tmp_path_factory.mktemp("live"), PUSH_EXTRA_HOSTS=push_service.authority) as live:
        live.start_worker()
        yield live


@pytest.fixture(scope="session")
def base_url(live: Live) -> str:
    """Where the application answers; relative addresses in the browser start here."""
    return live.url


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """The machine's Chromium, where there is one (bin/test says which), started by chromium.sh."""
    found = chromium()
    if (
        not found
        and not Path(playwright.chromium.executable_path).exists()
        and os.environ.get("CI") != "true"
    ):
        pytest.skip("there is no Chromium on this machine")
    if not found:
        return browser_type_launch_args
    starter = {
        "executable_path": Path(__file__).with_name("chromium.sh"),
        "env": {**os.environ, "CHROMIUM": found},
    }
    return {**browser_type_launch_args, **starter}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "locale": "sv-SE",
        "timezone_id": "Europe/Stockholm",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def context(context: BrowserContext, base_url: str) -> Iterator[BrowserContext]:
    """A phone; a page that asks another origin, breaks our own content policy or throws fails the test."""
    faults = watch(context, base_url)
    yield context
    assert faults == []


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext], base_url: str) -> Iterator[Callable[[], Page]]:
    """`phone()` is somebody else's phone."""
    faults: list[str] = []

    def take() -> Page:
        context = new_context()
        watch(context, base_url, faults)
        return context.new_page()

    yield take
    assert faults == []


@pytest.fixture
def slow(live: Live) -> Iterator[SlowNetwork]:
    """A network that holds what a test tells it to."""
    with slow_network(live.port) as network:
        yield network


@pytest.fixture
def tablet(
    slow: SlowNetwork, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[BrowserContext]:
    """A device behind the slow network, which several people use."""
    context = browser.new_context(**{**browser_context_args, "base_url": slow.url})
    faults = watch(context, slow.url)
    yield context
    slow.release()
    context.close()
    assert faults == []


@pytest.fixture
def alices(tablet: BrowserContext, live: Live) -> Page:
    """Alice's feed, kept on the device; the worker waits no time for the network."""
    newcomer(live, tablet, "Alice Ahl", "bjuv")
    with live.app.app_context():
        make_activity(make_person())  # an empty feed looks for nothing new
        db.session.commit()
    page = governed(tablet.new_page())
    in_worker(tablet, "SETTINGS.patience = 0")
    return page


@pytest.fixture
def signed_in(live: Live, context: BrowserContext) -> Enter:
    """`signed_in()` makes somebody and gives the browser their session; arguments go to `make_person`."""

    def enter(*args: Any, **kwargs: Any) -> Person:
        return newcomer(live, context, *args, **kwargs)

    return enter


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that lives in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
