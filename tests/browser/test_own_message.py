"""A lead writes a message of their own: what they choose shows whom it reaches, and nothing written is lost."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from app.models.person import Role
from tests.browser.live import Live
from tests.browser.phones import Enter, newcomer
from tests.factories import make_person

_NEW = "/admin/stages/2/messages/new"
_TEXT = "Tolv platser kvar. Häng på."


def test_a_message_is_written_tried_sent_and_taken_back(page: Page, signed_in: Enter, live: Live) -> None:
    with live.app.app_context():
        make_person("Mia Mottagare", "perstorp")
    signed_in("Lena Lind", "helsingborg", Role.LEAD)
    page.goto("/admin/stages/2/playbook")
    with page.expect_navigation():
        page.get_by_role("link", name="Skicka eget meddelande").press("Enter")
    _choose(page, "Kommuner jag väljer")
    expect(page.locator("#going")).to_contain_text("Till 0")
    _choose(page, "Perstorp")
    expect(page.locator("#going")).to_contain_text(re.compile(r"Till [1-9]"))
    page.get_by_label("Rubrik", exact=True).fill("Cykla med på fredag?")
    page.get_by_label("Text", exact=True).fill(_TEXT)
    expect(page.locator("#preview .lock")).to_contain_text("Cykla med på fredag?")
    expect(page.locator("#preview .letter")).to_contain_text(_TEXT)

    page.get_by_label("Vart leder trycket?").select_option("other")
    page.get_by_role("button", name="Prova på mig").press("Enter")
    expect(page.locator("#tried")).to_contain_text("Dit kommer ingen.")
    page.get_by_label("En annan adress i Eldsjäl").fill("/stages/2")
    page.get_by_role("button", name="Prova på mig").press("Enter")
    expect(page.locator("#tried")).to_contain_text("Ett prov är på väg")

    page.get_by_label("Text", exact=True).press("Tab")
    page.get_by_role("button", name="Skicka", exact=True).press("Enter")
    page.wait_for_url(re.compile(r"/messages/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cykla med på fredag?")
    with page.expect_navigation():
        page.get_by_role("button", name="Ta tillbaka det").press("Enter")
    expect(page.locator("main")).to_contain_text("Togs tillbaka innan det gick ut.")


def test_what_is_written_is_kept_on_the_device(page: Page, signed_in: Enter) -> None:
    signed_in("Lo Lund", "helsingborg", Role.LEAD)
    page.goto(_NEW)
    _choose(page, "Roller jag väljer")
    _choose(page, "Samordnare")
    page.get_by_label("Rubrik", exact=True).fill("Halvskrivet")
    expect(page.locator("[data-draft-state]")).to_have_text("Sparat på den här enheten")
    page.reload()
    expect(page.locator("[data-draft-state]")).to_have_text("Vi har kvar det du skrev.")
    expect(page.get_by_label("Rubrik", exact=True)).to_have_value("Halvskrivet")
    expect(page.get_by_label("Samordnare")).to_be_checked()
    expect(page.locator("#preview .lock")).to_contain_text("Halvskrivet")


def test_without_javascript_a_trial_keeps_what_is_written_and_it_goes_out(
    new_context: Callable[..., BrowserContext], live: Live
) -> None:
    context = new_context(java_script_enabled=False)
    newcomer(live, context, "Lia Lans", "helsingborg", Role.LEAD)
    page = context.new_page()
    page.goto(_NEW)
    page.get_by_label("Rubrik", exact=True).fill("Kom som du är")
    page.get_by_label("Text", exact=True).fill(_TEXT)
    page.get_by_role("button", name="Prova på mig").click()
    expect(page.locator("body")).to_contain_text("Ett prov är på väg")
    expect(page.get_by_label("Rubrik", exact=True)).to_have_value("Kom som du är")
    page.get_by_role("button", name="Skicka", exact=True).click()
    page.wait_for_url(re.compile(r"/messages/\d+$"))
    with page.expect_navigation():
        page.get_by_role("button", name="Ta tillbaka det").click()


def _choose(page: Page, words: str) -> None:
    page.locator("label.choice:visible", has_text=words).click()
