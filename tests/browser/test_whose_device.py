"""Two people on one slow shared: what it keeps of one is never shown to the other."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Worker, expect
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.person import Person
from app.models.programme import Municipality
from app.services.accounts.devices import devices_of, end_all_sessions
from tests.browser.live import Live
from tests.browser.phones import enter_as, governed, newcomer, until
from tests.browser.slow_network import SlowNetwork
from tests.factories import make_person

#: The moment at which the worker gives up waiting, and has looked for what it has kept.
_WORKER_HAS_CHOSEN = "async () => { await impatience().catch(() => {}); await keptFeed(); }"


@pytest.fixture
def alices(shared: BrowserContext, live: Live) -> Page:
    """Alice's feed, kept on the device; the worker waits no time for the network."""
    newcomer(live, shared, "Alice Ahl", "bjuv")
    page = governed(shared.new_page())
    _worker(shared).evaluate("SETTINGS.patience = 0")
    return page


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


_CLEARED, _ENDED, _SIGNED_OUT, _NOTHING = "cookie cleared", "ended elsewhere", "signed out", "nothing"


@pytest.mark.parametrize(
    ("end", "sign_in"),
    [
        (_ENDED, _by_code),
        (_ENDED, _by_joining),
        (_ENDED, _by_the_demonstrations_button),
        (_ENDED, _by_a_cookie_from_nowhere),
        (_CLEARED, _by_the_demonstrations_button),
        (_CLEARED, _by_code),
        (_SIGNED_OUT, _by_the_demonstrations_button),
        (_NOTHING, _by_a_cookie_from_nowhere),
    ],
)
def test_who_signs_in_on_a_slow_network_never_sees_the_feed_of_the_one_before(
    alices: Page, shared: BrowserContext, slow: SlowNetwork, live: Live, end: str, sign_in: Any
) -> None:
    alice, bob = _shown_person(alices), _somebody(live)
    _end(end, alices, shared, live, alice)
    seen = _whose_pages(shared)
    slow.hold("/")
    sign_in(alices, live, bob)
    slow.await_question("/")
    _worker(shared).evaluate(_WORKER_HAS_CHOSEN)
    slow.release()
    alices.wait_for_function("document.body?.dataset.person")
    assert _shown_person(alices) not in ("", alice)
    assert alice not in seen
    expect(alices.locator("[data-part=kept]")).to_have_count(0)


@pytest.mark.parametrize("end", [_CLEARED, _ENDED, _SIGNED_OUT])
def test_without_a_network_nobody_is_shown_the_feed_of_one_who_is_gone(
    alices: Page, shared: BrowserContext, live: Live, end: str
) -> None:
    _end(end, alices, shared, live, _shown_person(alices))
    alices.goto("/login")
    alices.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(alices, "!(await caches.has('feed')) && !(await caches.has('photos'))")
    alices.goto("/login")
    shared.set_offline(True)
    alices.goto("/")
    expect(alices.get_by_role("heading", level=1)).to_have_text("Du är offline")


def test_a_cookie_that_is_gone_hides_the_feed_before_any_contact(
    alices: Page, shared: BrowserContext
) -> None:
    shared.set_offline(True)
    shared.clear_cookies()
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
    alices: Page, shared: BrowserContext, live: Live, contact: str
) -> None:
    alices.wait_for_function("Boolean(customElements.get('new-items'))")
    other_tab = shared.new_page()
    other_tab.goto("/privacy")
    _end(_ENDED, alices, shared, live, _shown_person(alices))
    alices.evaluate(f"void setTimeout(() => {{ {contact}; }})")
    until(other_tab, "!(await caches.has('feed'))")


def test_a_feed_that_comes_after_somebody_else_has_signed_in_is_not_kept(
    alices: Page, shared: BrowserContext, slow: SlowNetwork, live: Live
) -> None:
    """Two tabs: Alice's feed is on its way in the one while Bob signs in in the other."""
    alice, bob = _shown_person(alices), _somebody(live)
    slow.hold("/", answers=True)
    alices.evaluate("void setTimeout(() => { location.href = '/'; })")
    slow.await_question("/")
    with live.app.app_context():
        enter_as(live, shared, db.session.merge(bob))
    bobs = shared.new_page()
    bobs.goto("/inbox")
    slow.release()
    alices.wait_for_function(f"document.body?.dataset.person === '{bob.id}'")
    _worker(shared).evaluate("async () => { await arriving; }")
    assert _kept_for(bobs) in (None, str(bob.id))
    shared.set_offline(True)
    bobs.goto("/")
    assert _shown_person(bobs) != alice


def test_tabs_of_the_one_before_go_when_another_signs_in(
    alices: Page, shared: BrowserContext, live: Live
) -> None:
    bob = _somebody(live)
    with live.app.app_context():
        enter_as(live, shared, db.session.merge(bob))
    shared.new_page().goto("/inbox")
    alices.wait_for_function(f"document.body?.dataset.person === '{bob.id}'")


@pytest.mark.parametrize("end", [_CLEARED, _ENDED, _SIGNED_OUT])
def test_back_leads_to_no_page_of_one_who_is_gone(
    alices: Page, shared: BrowserContext, live: Live, end: str
) -> None:
    alice = _shown_person(alices)
    alices.goto("/settings")
    _end(end, alices, shared, live, alice)
    alices.goto("/login")
    seen = _whose_pages(shared)
    alices.go_back()
    alices.go_back()
    alices.wait_for_load_state()
    assert alice not in seen
    assert _shown_person(alices) == ""


@pytest.mark.parametrize("gone", [True, False])
def test_a_page_from_the_browsers_memory_is_shown_only_to_its_own_person(
    alices: Page, shared: BrowserContext, live: Live, gone: bool
) -> None:
    alice = _shown_person(alices)
    alices.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(alices.locator("body")).not_to_be_visible()
    if gone:
        shared.clear_cookies()
    alices.evaluate("void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(alices.locator("body")).to_be_visible()
    assert (_shown_person(alices) == alice) is not gone


@pytest.mark.parametrize("which", ["/logout", "/logout/all"])
def test_signing_out_without_a_network_ends_the_session_before_anything_else_is_shown(
    alices: Page, shared: BrowserContext, live: Live, which: str
) -> None:
    alice = _shown_person(alices)
    alices.goto("/settings")
    shared.set_offline(True)
    alices.locator(f"form[data-sign-out][action='{which}'] button").click()
    expect(alices.locator("[data-for=sign-out]").first).to_be_visible()
    expect(alices.locator("[data-for=writing]").first).to_be_hidden()
    seen = _whose_pages(shared)
    alices.goto("/")
    expect(alices.get_by_role("heading", level=1)).to_have_text("Du är offline")
    shared.set_offline(False)
    alices.goto("/inbox")
    expect(alices).to_have_url(re.compile("/login"))
    assert alice not in seen
    with live.app.app_context():
        assert devices_of(db.session.get_one(Person, int(alice))) == []


def test_a_draft_is_there_for_its_writer_and_for_nobody_else(
    alices: Page, shared: BrowserContext, live: Live
) -> None:
    alice, bob = _shown_person(alices), _somebody(live)
    alices.goto("/activities/new")
    alices.locator("[name=title]").fill("Alices hemliga plan")
    until(alices, "Object.keys(localStorage).some((name) => name.startsWith('draft:'))")
    alices.goto("/inbox")
    for person, text in ((bob.id, ""), (int(alice), "Alices hemliga plan")):
        with live.app.app_context():
            enter_as(live, shared, db.session.get_one(Person, person))
        alices.goto("/activities/new")
        expect(alices.locator("[name=title]")).to_have_value(text)
        alices.go_back()
        alices.go_back()
        alices.wait_for_load_state()
        expect(alices.locator("[name=title]")).to_have_value(text)
        alices.goto("/inbox")


def test_drafts_stay_neither_for_ever_nor_without_number(alices: Page) -> None:
    alices.evaluate(
        """() => {
            const day = 24 * 3600 * 1000;
            for (let number = 0; number < 60; number += 1) {
                const draft = { at: Date.now() - number * day / 5, fields: {} };
                localStorage.setItem(`draft:7:${number}`, JSON.stringify(draft));
            }
            localStorage.setItem("draft:8:old", JSON.stringify({ at: Date.now() - 15 * day, fields: {} }));
        }"""
    )
    alices.goto("/inbox")
    drafts = "Object.keys(localStorage).filter((name) => name.startsWith('draft:'))"
    until(alices, f"{drafts}.length === 40")
    assert "draft:8:old" not in alices.evaluate(drafts)


def _end(how: str, page: Page, shared: BrowserContext, live: Live, person: str) -> None:
    if how == _CLEARED:
        shared.clear_cookies()
    if how == _ENDED:
        with live.app.app_context():
            end_all_sessions(db.session.get_one(Person, int(person)), clock.now())
            db.session.commit()
    if how == _SIGNED_OUT:
        page.goto("/settings")
        page.locator("form[data-sign-out] button").first.click()
        page.wait_for_url("/login")


def _somebody(live: Live) -> Person:
    with live.app.app_context():
        person = make_person("Bob Berg", "klippan")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
    return person


def _whose_pages(shared: BrowserContext) -> list[str]:
    """The persons for whom pages are shown from now on."""
    seen: list[str] = []
    shared.expose_binding("shows", lambda _source, person: seen.append(person))
    shared.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            const { person } = document.body.dataset;
            if (person) shows(person);
        });"""
    )
    return seen


def _shown_person(page: Page) -> str:
    return page.locator("body").get_attribute("data-person") or ""


def _kept_for(page: Page) -> str | None:
    return page.evaluate(  # type: ignore[no-any-return]
        "caches.match('/', { cacheName: 'feed' }).then((kept) => kept?.headers.get('X-Eldsjal-Owner') ?? null)"
    )


def _worker(shared: BrowserContext) -> Worker:
    return shared.service_workers[-1]
