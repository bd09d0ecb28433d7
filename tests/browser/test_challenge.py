"""On a phone: take a challenge on, do it with a picture, and be asked, answer and be approved."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import FilePayload, Page, expect

from app.models.person import Role
from tests.browser.live import Live
from tests.browser.phones import PREPARED_MS, Enter, newcomer
from tests.challenge_makers import DONE_WHEN, make_challenge
from tests.pictures import jpeg

_TODAY = date.today()  # noqa: DTZ011  as the phone has it


def test_from_taking_it_on_to_the_points_of_the_promise(
    page: Page, phone: Callable[[], Page], signed_in: Enter, live: Live
) -> None:
    signed_in("Signe Ström", "astorp")
    coordinator = phone()
    newcomer(live, coordinator.context, "Kajsa Klar", "astorp", Role.COORDINATOR)
    _take_it_on(page, _challenge(live))
    _report_with_a_picture(page)
    expect(page.locator("main")).to_contain_text("Väntar på samordnaren")

    _send_back(coordinator, "Vem kom från Bjuv?")
    _answer(page, "Kim från Bjuv kom, och vi ses igen i maj.")
    _approve(coordinator, "Kim från Bjuv kom")

    page.goto("/inbox")
    page.get_by_role("link", name="Din utmaning är klar").click()
    expect(page.locator("#challenge")).to_contain_text("Utmaningen är klar")
    page.goto("/me")
    expect(page.locator("main")).to_contain_text("Klarade en utmaning")
    expect(page.locator("main")).to_contain_text("+35")


def _challenge(live: Live) -> int:
    with live.app.app_context():
        closes_on = _TODAY + timedelta(days=9)
        over = {"title": "Visa en granne runt", "points": 35, "needs_photo": True, "needs_approval": True}
        return make_challenge(**over, opens_on=_TODAY, closes_on=closes_on).id


def _take_it_on(page: Page, challenge_id: int) -> None:
    """The form is filled in but for when and where."""
    page.goto(f"/activities/new?challenge={challenge_id}")
    expect(page.locator("main")).to_contain_text("35 poäng till var och en av er")
    expect(page.locator("[name=title]")).to_have_value("Visa en granne runt")
    page.locator("[name=planned_for]").fill(_TODAY.isoformat())
    page.locator("[name=starts_at]").fill("14:30")
    page.locator("[name=place]").fill("Stadshuset i Åstorp")
    page.locator("concreteness-meter [type=submit]").click()
    page.wait_for_url(re.compile(r"/activities/\d+$"))
    expect(page.locator(".facts")).to_contain_text("14.30")
    expect(page.locator("#challenge")).to_contain_text("Utmaning, ej klar")


def _report_with_a_picture(page: Page) -> None:
    page.get_by_role("link", name="Rapportera").click()
    page.locator("label:has(input[name=carried_out][value=yes])").click()
    page.locator("label:has(input[name=rating][value='4'])").click()
    page.locator("[name=story]").fill("Vi gick genom hela huset.")
    for item in DONE_WHEN:
        page.get_by_label(item).check()
    picture: FilePayload = {"name": "hus.jpg", "mimeType": "image/jpeg", "buffer": jpeg(size=(1200, 900))}
    page.locator("photo-picker input[type=file]").set_input_files(picture)
    expect(page.locator(".shot img[src^='/media/']")).to_be_visible(timeout=PREPARED_MS)
    page.locator("form.report .btn[type=submit]").last.click()
    page.wait_for_url("**/outcome/thanks")


def _send_back(coordinator: Page, question: str) -> None:
    coordinator.goto("/inbox")
    coordinator.get_by_role("link", name="En utmaning väntar på ditt ja").click()
    expect(coordinator.locator("article")).to_contain_text("Vi gick genom hela huset.")
    expect(coordinator.locator("article img[src^='/media/']")).to_be_visible()
    coordinator.get_by_text("Skicka tillbaka", exact=False).first.click()
    coordinator.get_by_role("button", name="Skicka tillbaka med en fråga").click()
    expect(coordinator.locator(".err")).to_have_text("Skriv vad som saknas.")
    coordinator.get_by_label("Vad saknas?").fill(question)
    coordinator.get_by_role("button", name="Skicka tillbaka med en fråga").click()
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Ingen utmaning väntar")


def _answer(page: Page, story: str) -> None:
    page.goto("/inbox")
    page.get_by_role("link", name="Din utmaning kom tillbaka med en fråga").click()
    expect(page.locator("#challenge")).to_contain_text("Vem kom från Bjuv?")
    page.get_by_role("link", name="Ändra rapporten").click()
    for item in DONE_WHEN:
        expect(page.get_by_label(item)).to_be_checked()
    page.locator("[name=story]").fill(story)
    page.locator("form.report .btn[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/activities/\d+$"))
    expect(page.locator("#challenge")).to_contain_text("Väntar på samordnaren")


def _approve(coordinator: Page, story: str) -> None:
    coordinator.goto("/challenges/reviews")
    expect(coordinator.locator("article")).to_contain_text(story)
    coordinator.get_by_role("button", name="Godkänn").click()
    expect(coordinator.locator("#queue")).to_contain_text("Godkänd.")
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Ingen utmaning väntar")
