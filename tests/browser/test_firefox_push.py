"""A real push from end to end: Firefox subscribes in the page, the stage advances, the worker sends, it shows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import delete, select, update

from app import clock
from app.extensions import db
from app.models.notification import Delivery, DeliveryState, PushSubscription
from app.models.person import Person
from tests.browser import firefox
from tests.browser.live import Live, running
from tests.browser.mozilla_push import MozillaPush
from tests.waiting import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.firefox,
    # With CI=true it runs and fails: there a Firefox can be had.
    pytest.mark.skipif(
        firefox.path() is None and os.environ.get("CI") != "true",
        reason="there is no Firefox on this machine",
    ),
]


def test_a_push_reaches_firefox_when_the_stage_advances(tmp_path: Path) -> None:
    with _phone(tmp_path) as (push, live, browser):
        live.flask("stage", "advance", "2")
        _let_the_slot_come(live)

        shown = browser.wait_for(
            "navigator.serviceWorker.ready.then(r => r.getNotifications())"
            ".then(all => all.map(n => ({title: n.title, body: n.body, url: n.data.url})))"
            ".then(all => all.length && all)",
            seconds=40,
        )
    assert len(shown) == 1
    assert shown[0]["title"]
    assert shown[0]["url"].startswith("/")
    assert push.nacks == []
    assert [ack["code"] for ack in push.acks] == [100]


def test_a_subscription_that_firefox_or_the_server_has_lost_is_made_anew(tmp_path: Path) -> None:
    with _phone(tmp_path) as (push, live, browser):
        first = _endpoint(live)

        live.flask("push", "keys", "--replace")
        browser.go(f"{live.url}/")
        second = _await_another(live, first)
        _let_it_end(browser)
        _expect_on(browser, live)
        assert _endpoint(live) == second

        # Firefox tells the worker, with neither the old nor the new subscription; no page has to be opened.
        push.forget_browsers()
        third = _await_another(live, second)
        _expect_on(browser, live)
        assert _endpoint(live) == third

        with live.app.app_context():
            db.session.execute(delete(PushSubscription))
            db.session.commit()
        browser.go(f"{live.url}/")
        _await_another(live, third)
        _let_it_end(browser)
        _expect_on(browser, live)
        _send_a_test(browser)


@contextmanager
def _phone(folder: Path) -> Iterator[tuple[MozillaPush, Live, firefox.Firefox]]:
    """A participant's Firefox with pushes switched on."""
    push = MozillaPush().start()
    data = folder / "data"
    data.mkdir()
    with (
        running(data, PUSH_EXTRA_HOSTS=f"127.0.0.1:{push.port}") as live,
        firefox.firefox(folder / "profile", push.port) as browser,
    ):
        _let_everybody_be_disturbed(live)
        live.start_worker()
        browser.go(f"{live.url}/login")
        browser.run("document.querySelector('button[name=role][value=participant]').click()")
        browser.wait_for("location.pathname === '/'")
        _switch_on(browser, live)
        yield push, live, browser
        push.stop()


def _endpoint(live: Live) -> str | None:
    with live.app.app_context():
        return db.session.scalars(select(PushSubscription.endpoint)).one_or_none()


def _await_another(live: Live, than: str | None) -> str | None:
    deadline = monotonic() + 40
    while monotonic() < deadline:
        endpoint = _endpoint(live)
        if endpoint not in (than, None):
            return endpoint
        sleep(0.1)
    raise AssertionError("no other endpoint within 40 seconds")


def _let_it_end(browser: firefox.Firefox) -> None:
    """A page that is left before it has the server's answer takes its subscription back."""
    browser.wait_for("navigator.locks.query().then(all => !all.held.some(lock => lock.name === 'push'))")


def _expect_on(browser: firefox.Firefox, live: Live) -> None:
    browser.go(f"{live.url}/settings")
    browser.wait_for("document.querySelector('push-toggle')?.dataset.now === 'on'")


def _send_a_test(browser: firefox.Firefox) -> None:
    browser.run("document.querySelector('push-toggle [data-action=test]').click()")
    browser.wait_for("document.querySelector('[data-result]').textContent === 'Den kom fram. Allt fungerar.'")


def _switch_on(browser: firefox.Firefox, live: Live) -> None:
    """A Firefox that has just begun may not have reached its push service yet: then people open the page once more."""
    for left in (2, 1, 0):
        browser.go(f"{live.url}/settings")
        browser.wait_for("['on', 'off'].includes(document.querySelector('push-toggle')?.dataset.now)")
        browser.run("document.querySelector('push-toggle:not([data-now=on]) [data-action=enable]')?.click()")
        try:
            browser.wait_for("document.querySelector('push-toggle').dataset.now === 'on'", seconds=10)
        except AssertionError as error:
            if not left:
                said = browser.run("document.querySelector('push-toggle').textContent")
                raise AssertionError(" ".join(said.split())) from error
        else:
            return


def _let_the_slot_come(live: Live) -> None:
    """What everybody is told waits for a slot of the day, which may be hours away."""
    with live.app.app_context():
        until(_make_due)


def _make_due() -> bool:
    change = update(Delivery).where(Delivery.state == DeliveryState.WAITING.value).values(due_at=clock.now())
    is_any = bool(db.session.execute(change).rowcount)  # type: ignore[attr-defined]
    db.session.commit()
    return is_any


def _let_everybody_be_disturbed(live: Live) -> None:
    """At any hour of any day: the test also runs at night."""
    with live.app.app_context():
        db.session.execute(update(Person).values(push_from=time(0), push_until=time(0), push_weekends=True))
        db.session.commit()
