"""Two people on one slow device: what it keeps of one is never shown to the other."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.models.person import Person
from app.models.programme import Municipality
from app.services.accounts.devices import devices_of
from tests.browser.live import Live
from tests.browser.phones import controlled, enter_as, until
from tests.browser.shared_device import (
    CLEARED,
    ENDED,
    NOTHING,
    SIGNED_OUT,
    end_session_of,
    in_worker,
    kept_for,
    shown_person,
    somebody,
    whose_pages,
)
from tests.browser.slow_network import SlowNetwork

#: The moment at which the worker gives up waiting, and has looked for what it has kept.
_WORKER_HAS_CHOSEN = "async () => { await impatience().catch(() => {}); await keptFeed(); }"


def _by_code(page: Page, live: Live, bob: Person) -> None:
    page.goto("/login")
    page.locator("[name=email]").fill(bob.email)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("/login/code")
    page.locator("[name=code]").fill(live.code_for(bob.email))
    page.locator("main form [type=submit]").first.click(no_wait_after=True)


def _by_joining(page: Page, live: Live, bob: Person) -> None:
    with live.app.app_context():
        code = db.session.scalars(select(Municipality.join_code).where(Municipality.slug == "klippan")).one()
    page.goto(f"/join/{code}")
    page.locator("[name=name]").fill("Nya Nilsson")
    page.locator("[name=email]").fill(f"nya{bob.id}@klippan.se")
    page.locator("label:has([name=informed])").click(position={"x": 8, "y": 8})
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("/login/code")
    page.locator("[name=code]").fill(live.code_for(f"nya{bob.id}@klippan.se"))
    page.locator("main form [type=submit]").first.click(no_wait_after=True)


def _by_the_demonstrations_button(page: Page, live: Live, bob: Person) -> None:
    page.goto("/login")
    page.locator("button[name=role][value=lead]").click(no_wait_after=True)


def _by_a_cookie_from_nowhere(page: Page, live: Live, bob: Person) -> None:
    """No page and no worker hears of it."""
    with live.app.app_context():
        enter_as(live, page.context, db.session.merge(bob))
    page.evaluate("void setTimeout(() => { location.href = '/'; })")


@pytest.mark.parametrize(
    ("end", "sign_in"),
    [
        (ENDED, _by_code),
        (ENDED, _by_joining),
        (ENDED, _by_the_demonstrations_button),
        (ENDED, _by_a_cookie_from_nowhere),
        (CLEARED, _by_the_demonstrations_button),
        (CLEARED, _by_code),
        (SIGNED_OUT, _by_the_demonstrations_button),
        (NOTHING, _by_a_cookie_from_nowhere),
    ],
)
def test_who_signs_in_on_a_slow_network_never_sees_the_feed_of_the_one_before(
    alices: Page, tablet: BrowserContext, slow: SlowNetwork, live: Live, end: str, sign_in: Any
) -> None:
    alice, bob = shown_person(alices), somebody(live)
    end_session_of(end, alices, tablet, live, alice)
    persons = whose_pages(tablet)
    slow.hold("/")
    sign_in(alices, live, bob)
    slow.await_question("/")
    in_worker(tablet, _WORKER_HAS_CHOSEN)
    slow.release()
    alices.wait_for_function("() => document.body?.dataset.person")
    assert shown_person(alices) not in ("", alice)
    assert alice not in persons
    expect(alices.locator("[data-part=kept]")).to_have_count(0)


@pytest.mark.parametrize("end", [CLEARED, ENDED, SIGNED_OUT])
def test_without_a_network_nobody_is_shown_the_feed_of_one_who_is_gone(
    alices: Page, tablet: BrowserContext, live: Live, end: str
) -> None:
    end_session_of(end, alices, tablet, live, shown_person(alices))
    alices.goto("/login")
    controlled(alices)
    until(alices, "!(await caches.has('feed')) && !(await caches.has('photos'))")
    alices.goto("/login")
    tablet.set_offline(True)
    alices.goto("/")
    expect(alices.get_by_role("heading", level=1)).to_have_text("Du är offline")


def test_a_cookie_that_is_gone_hides_the_feed_before_any_contact(
    alices: Page, tablet: BrowserContext
) -> None:
    tablet.set_offline(True)
    tablet.clear_cookies()
    alices.goto("/")
    expect(alices.get_by_role("heading", level=1)).to_have_text("Du är offline")


@pytest.mark.parametrize(
    "contact",
    [
        "location.href = '/inbox'",
        "location.href = '/'",
        "location.href = '/stages'",
        "document.querySelector('new-items').look()",
        "import(document.querySelector('script[type=module]').src.replace('app.js', 'page.js'))"
        ".then(({ ask }) => ask('/push/subscriptions', 'DELETE', { endpoint: 'https://push.example/x' }))",
    ],
)
def test_a_session_that_was_ended_elsewhere_empties_the_device_at_the_next_contact(
    alices: Page, tablet: BrowserContext, live: Live, contact: str
) -> None:
    alices.wait_for_function("() => Boolean(customElements.get('new-items'))")
    other_tab = tablet.new_page()
    other_tab.goto("/privacy")
    end_session_of(ENDED, alices, tablet, live, shown_person(alices))
    alices.evaluate(f"void setTimeout(() => {{ {contact}; }})")
    until(other_tab, "!(await caches.has('feed'))")


def test_a_feed_that_comes_after_somebody_else_has_signed_in_is_not_kept(
    alices: Page, tablet: BrowserContext, slow: SlowNetwork, live: Live
) -> None:
    """Two tabs: Alice's feed is on its way in the one while Bob signs in in the other."""
    alice, bob = shown_person(alices), somebody(live)
    slow.hold("/", answers=True)
    alices.evaluate("void setTimeout(() => { location.href = '/'; })")
    slow.await_question("/")
    with live.app.app_context():
        enter_as(live, tablet, db.session.merge(bob))
    bobs = tablet.new_page()
    bobs.goto("/inbox")
    slow.release()
    alices.wait_for_function(f"() => document.body?.dataset.person === '{bob.id}'")
    in_worker(tablet, "async () => { await arriving; }")
    assert kept_for(bobs) in (None, str(bob.id))
    tablet.set_offline(True)
    bobs.goto("/")
    assert shown_person(bobs) != alice


def test_tabs_of_the_one_before_go_when_another_signs_in(
    alices: Page, tablet: BrowserContext, live: Live
) -> None:
    bob = somebody(live)
    with live.app.app_context():
        enter_as(live, tablet, db.session.merge(bob))
    tablet.new_page().goto("/inbox")
    alices.wait_for_function(f"() => document.body?.dataset.person === '{bob.id}'")


@pytest.mark.parametrize("which", ["/logout", "/logout/all"])
def test_signing_out_without_a_network_ends_the_session_before_anything_else_is_shown(
    alices: Page, tablet: BrowserContext, live: Live, which: str
) -> None:
    alice = shown_person(alices)
    alices.goto("/settings")
    tablet.set_offline(True)
    alices.locator(f"form[data-sign-out][action='{which}'] button").click()
    expect(alices.locator("[data-for=sign-out]").first).to_be_visible()
    expect(alices.locator("[data-for=writing]").first).to_be_hidden()
    persons = whose_pages(tablet)
    alices.goto("/")
    expect(alices.get_by_role("heading", level=1)).to_have_text("Du är offline")
    tablet.set_offline(False)
    alices.goto("/inbox")
    expect(alices).to_have_url(re.compile("/login"))
    assert alice not in persons
    with live.app.app_context():
        assert devices_of(db.session.get_one(Person, int(alice))) == []
