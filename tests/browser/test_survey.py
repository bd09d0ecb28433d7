"""The survey on a phone: answered once, kept on the device until then, and by nobody else."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.extensions import db
from app.models.person import Person
from app.models.survey import Survey
from tests.browser.later_stages import OPEN
from tests.browser.live import Live
from tests.browser.open_survey import has_answered, open_survey, remove_survey
from tests.browser.phones import Enter, enter_as, governed, newcomer, until
from tests.browser.shared_device import SIGNED_OUT, end_session_of, somebody

_THANKS = "Tack! Ditt svar ligger i lådan."
_NO_DRAFT = "!Object.keys(localStorage).some((name) => name.includes(':survey-'))"


@pytest.fixture(autouse=True)
def survey(live: Live) -> Iterator[None]:
    with live.app.app_context():
        was_there = Survey.of_stage(OPEN) is not None
        open_survey(live)
    yield
    if not was_there:
        with live.app.app_context():
            remove_survey(live)


def test_answered_while_the_network_is_cut_it_waits_and_goes_by_itself_once(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    alice = signed_in()
    page.goto("/survey")
    _fill(page)
    context.set_offline(True)
    page.locator("label:has([name=mark_1][value='2'])").click()
    _send(page)
    expect(page.locator("[data-draft-state]")).to_contain_text("Skickas när du är uppkopplad igen")
    _expect_all_of_it(page)
    assert not has_answered(live, alice)
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text(_THANKS)
    assert has_answered(live, alice)
    until(page, _NO_DRAFT)


def test_what_was_begun_is_there_after_a_reload(page: Page, signed_in: Enter) -> None:
    signed_in()
    page.goto("/survey")
    _fill(page)
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.reload()
    _expect_all_of_it(page)


def test_a_mark_can_be_taken_back_by_a_tap_or_by_the_keyboard(page: Page, signed_in: Enter) -> None:
    signed_in()
    page.goto("/survey")
    skip = page.locator("label.none:has([name=mark_0])")
    expect(skip).not_to_be_visible()
    for _ in range(2):
        page.locator("label:has([name=mark_0][value='4'])").click()
        skip.click()
        expect(page.locator("[name=mark_0][value='4']")).not_to_be_checked()
        expect(skip).not_to_be_visible()
    page.locator("label:has([name=mark_0][value='5'])").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=mark_0][value='']")).to_be_checked()
    expect(skip).to_be_visible()
    page.keyboard.press("Tab")
    expect(skip).not_to_be_visible()


def test_when_the_reply_is_lost_the_thanks_come_at_the_next_look_and_nothing_doubles(
    new_context: Callable[..., BrowserContext], live: Live
) -> None:
    context = new_context(service_workers="block")  # a request that the worker makes cannot be cut off here
    alice, page = newcomer(live, context), context.new_page()
    page.goto("/survey")
    _fill(page)
    page.route("**/survey", _lose_the_answer)
    with page.expect_event("requestfailed"):
        page.locator("#answer [type=submit]").click(no_wait_after=True)
    page.unroute_all()
    assert has_answered(live, alice)
    page.goto("/survey")
    expect(page.get_by_role("heading", level=1)).to_have_text(_THANKS)
    until(page, _NO_DRAFT)


def test_a_second_answer_is_refused_kindly_and_leaves_nothing_on_the_device(
    page: Page, context: BrowserContext, signed_in: Enter
) -> None:
    signed_in()
    other = context.new_page()
    for tab in (page, other):
        tab.goto("/survey")
        _fill(tab)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(_THANKS)
    _send(other)
    expect(other.locator(".toast")).to_have_text("Ditt svar låg redan i lådan. Det första gäller.")
    expect(other.get_by_role("heading", level=1)).to_have_text(_THANKS)
    until(other, _NO_DRAFT)


def test_back_after_sending_shows_nothing_of_it(page: Page, signed_in: Enter) -> None:
    signed_in()
    page.goto("/inbox")
    page.goto("/survey")
    _fill(page)
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(_THANKS)
    page.go_back()
    page.wait_for_load_state()
    assert page.locator("[name=word_1]").count() == 0


def test_nobody_else_on_the_device_finds_it_and_signing_out_forgets_it(
    page: Page, context: BrowserContext, signed_in: Enter, live: Live
) -> None:
    alice, bob = signed_in(), somebody(live)
    page.goto("/survey")
    _fill(page)
    until(page, f"!({_NO_DRAFT})")
    for person, word in ((bob, ""), (alice, "Grannar")):
        with live.app.app_context():
            enter_as(live, context, db.session.get_one(Person, person.id))
        page.goto("/survey")
        expect(page.locator("[name=word_1]")).to_have_value(word)
    end_session_of(SIGNED_OUT, page, context, live, str(alice.id))
    until(page, _NO_DRAFT)


def test_after_a_day_it_is_gone_while_other_drafts_stay(page: Page, signed_in: Enter) -> None:
    signed_in()
    page.goto("/survey")
    _fill(page)
    until(page, f"!({_NO_DRAFT})")
    page.goto("/inbox")
    page.evaluate(
        """() => {
            const name = Object.keys(localStorage).find((one) => one.includes(":survey-"));
            const aged = { ...JSON.parse(localStorage.getItem(name)), at: Date.now() - 25 * 3600 * 1000 };
            localStorage.setItem(name, JSON.stringify(aged));
            localStorage.setItem("draft:7:plan", JSON.stringify({ at: aged.at, fields: {} }));
        }"""
    )
    page.goto("/survey")
    expect(page.locator("[name=word_1]")).to_have_value("")
    until(page, _NO_DRAFT)
    assert page.evaluate("localStorage.getItem('draft:7:plan')")


def test_it_needs_no_more_than_a_keyboard(page: Page, signed_in: Enter, live: Live) -> None:
    alice = signed_in()
    page.goto("/survey")
    page.locator("[name=word_1]").focus()
    page.keyboard.type("Grannar")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[name=mood_1][value=positive]")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=mood_1][value=neutral]")).to_be_checked()
    page.locator("[name=mark_0]").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(_THANKS)
    assert has_answered(live, alice)


def test_it_works_without_scripts(new_context: Callable[..., BrowserContext], live: Live) -> None:
    context = new_context(java_script_enabled=False)
    alice, page = newcomer(live, context), context.new_page()
    page.goto("/survey")
    page.locator("[name=word_1]").fill("Grannar")
    _send(page)
    expect(page.locator(".err")).to_have_text("Välj hur ordet känns: positivt, neutralt eller negativt.")
    page.locator("label:has([name=mood_1][value=negative])").click()
    _send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(_THANKS)
    assert has_answered(live, alice)


def test_a_kept_feed_does_not_call(page: Page, context: BrowserContext, signed_in: Enter) -> None:
    """It may be from before the answer, and without a network there is nothing to be answered."""
    signed_in()
    governed(page)
    _reload_until_called(page)
    until(page, "(await (await caches.match('/', { cacheName: 'feed' })).text()).includes('survey-call')")
    context.set_offline(True)
    page.reload()
    expect(page.locator("body[data-kept-at]")).to_be_visible()
    expect(page.locator("#survey-call")).to_be_hidden()


def _reload_until_called(page: Page) -> None:
    """The installation keeps for seconds whether one is open."""
    call = page.locator("#survey-call")
    for _ in range(60):
        if call.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(call).to_be_visible()


def _fill(page: Page) -> None:
    page.locator("[name=word_1]").fill("Grannar")
    page.locator("label:has([name=mood_1][value=positive])").click()
    page.locator("label:has([name=mark_0][value='4'])").click()


def _expect_all_of_it(page: Page) -> None:
    expect(page.locator("[name=word_1]")).to_have_value("Grannar")
    expect(page.locator("[name=mood_1][value=positive]")).to_be_checked()
    expect(page.locator("[name=mark_0][value='4']")).to_be_checked()


def _send(page: Page) -> None:
    page.locator("#answer [type=submit]").click()


def _lose_the_answer(route: Route) -> None:
    """The server gets the form; the phone never hears of it."""
    route.fetch(max_redirects=0)
    route.abort()
