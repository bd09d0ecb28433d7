"""Going back on a device that somebody else has used: to no page of theirs, and to nothing that they wrote."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.extensions import db
from app.models.person import Person
from tests.browser.live import Live
from tests.browser.phones import enter_as, until
from tests.browser.shared_device import (
    CLEARED,
    ENDED,
    SIGNED_OUT,
    end_session_of,
    shown_person,
    somebody,
    whose_pages,
)


@pytest.mark.parametrize("end", [CLEARED, ENDED, SIGNED_OUT])
def test_back_leads_to_no_page_of_one_who_is_gone(
    alices: Page, tablet: BrowserContext, live: Live, end: str
) -> None:
    alice = shown_person(alices)
    alices.goto("/settings")
    end_session_of(end, alices, tablet, live, alice)
    alices.goto("/login")
    persons = whose_pages(tablet)
    alices.go_back()
    alices.go_back()
    alices.wait_for_load_state()
    assert alice not in persons
    assert shown_person(alices) == ""


@pytest.mark.parametrize("gone", [True, False])
def test_a_page_from_the_browsers_memory_is_shown_only_to_its_own_person(
    alices: Page, tablet: BrowserContext, live: Live, gone: bool
) -> None:
    alice = shown_person(alices)
    alices.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(alices.locator("body")).not_to_be_visible()
    if gone:
        tablet.clear_cookies()
    alices.evaluate("void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(alices.locator("body")).to_be_visible()
    assert (shown_person(alices) == alice) is not gone


def test_a_draft_is_there_for_its_writer_and_for_nobody_else(
    alices: Page, tablet: BrowserContext, live: Live
) -> None:
    alice, bob = shown_person(alices), somebody(live)
    alices.goto("/activities/new")
    alices.locator("[name=title]").fill("Alices hemliga plan")
    until(alices, "Object.keys(localStorage).some((name) => name.startsWith('draft:'))")
    alices.goto("/inbox")
    for person, text in ((bob.id, ""), (int(alice), "Alices hemliga plan")):
        with live.app.app_context():
            enter_as(live, tablet, db.session.get_one(Person, person))
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
