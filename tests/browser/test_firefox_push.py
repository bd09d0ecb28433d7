"""A real push from end to end: Firefox subscribes in the page, the stage advances, the worker sends, it shows."""

import os
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models.person import Person
from tests.browser import firefox
from tests.browser.live import Live, running
from tests.browser.mozilla_push import MozillaPush

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
    push = MozillaPush().start()
    data = tmp_path / "data"
    data.mkdir()
    with (
        running(data, PUSH_EXTRA_HOSTS=f"127.0.0.1:{push.port}") as live,
        firefox.firefox(tmp_path / "profile", push.port) as browser,
    ):
        _let_everybody_be_disturbed(live)
        live.start_worker()
        browser.go(f"{live.url}/login")
        browser.run("document.querySelector('button[name=role][value=participant]').click()")
        browser.wait_for("location.pathname === '/'")
        _switch_on(browser, live)

        live.flask("stage", "advance", "2")

        shown = browser.wait_for(
            "navigator.serviceWorker.ready.then(r => r.getNotifications())"
            ".then(all => all.map(n => ({title: n.title, body: n.body, url: n.data.url})))"
            ".then(all => all.length && all)",
            seconds=40,
        )
        push.stop()
    assert len(shown) == 1
    assert shown[0]["title"]
    assert shown[0]["url"].startswith("/")
    assert push.nacks == []
    assert [ack["code"] for ack in push.acks] == [100]


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


def _let_everybody_be_disturbed(live: Live) -> None:
    """At any hour of any day: the test also runs at night."""
    with live.app.app_context():
        db.session.execute(update(Person).values(push_from=time(0), push_until=time(0), push_weekends=True))
        db.session.commit()
