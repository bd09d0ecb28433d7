"""A coordinator orders the lessons by keyboard, and a participant says which one helped."""

from playwright.sync_api import Page, expect

from app.models.person import Role
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.browser.stage_lessons import make_stage_lessons


def test_they_are_ordered_by_keyboard_and_the_focus_stays(page: Page, signed_in: Enter, live: Live) -> None:
    with live.app.app_context():
        make_stage_lessons()
    signed_in("Kaj Kust", "bastad", Role.COORDINATOR)
    page.goto("/stages/1/lessons/edit")
    headings = page.locator("#draft ol.drafted h3")
    before = headings.all_text_contents()
    assert len(before) >= 3

    page.get_by_role("button", name=f"Flytta ner: {before[0]}").focus()
    page.keyboard.press("Enter")
    expect(headings).to_have_text([before[1], before[0], *before[2:]])
    down = page.get_by_role("button", name=f"Flytta ner: {before[0]}")
    expect(down).to_be_focused()
    for place in range(2, len(before)):
        page.keyboard.press("Enter")
        expect(headings).to_have_text([*before[1 : place + 1], before[0], *before[place + 1 :]])
        expect(down).to_be_focused()
    expect(headings).to_have_text([*before[1:], before[0]])
    # At the end of the list the button does nothing more, and the focus is not lost.
    expect(down).to_be_focused()
    expect(down).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    expect(headings).to_have_text([*before[1:], before[0]])

    last = page.get_by_role("link", name=f"Ändra {before[0]}")
    last.focus()
    # Until it is loaded, the jump to the lesson in the address may take the focus away.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("button", name=f"Ta ur {before[0]}").focus()
    page.keyboard.press("Enter")
    expect(headings).to_have_text(before[1:])
    lift = page.get_by_role("button", name=f"Lyft {before[0]}")
    expect(lift).to_be_focused()
    page.keyboard.press("Enter")
    expect(headings).to_have_text([*before[1:], before[0]])


def test_a_vote_is_counted_where_it_is_given(page: Page, signed_in: Enter, live: Live) -> None:
    with live.app.app_context():
        make_stage_lessons()
    signed_in("Rut Rönn", "bastad")
    page.goto("/stages/1/lessons")
    vote = page.locator("ol.lessons .react").first
    vote.focus()
    page.keyboard.press("Enter")
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_contain_text("Hjälpte mig 2")
