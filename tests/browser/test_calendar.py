"""One's own calendar, from the settings page into a program that reads it, and a plan as a file."""

from datetime import date, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from icalendar import Event
from playwright.sync_api import Page, expect

from app import clock
from app.extensions import db
from app.models.person import Person
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.calendar_makers import entries_in
from tests.factories import make_activity


def _a_day_to_come() -> date:
    return clock.local_date(clock.now(), "Europe/Stockholm") + timedelta(days=3)


def _planned(live: Live, owner: Person, title: str, day: date) -> int:
    """A minute ago, so that whatever happens to it now is later."""
    with live.app.app_context():
        person = db.session.get_one(Person, owner.id)
        now = clock.now() - timedelta(minutes=1)
        return make_activity(person, title=title, planned_for=day, now=now).id


def _fetched(address: str) -> dict[str, Event]:
    """As a calendar program does it: without the browser, its cookies and its session."""
    with urlopen(address) as answer:
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return entries_in(answer.read())


def _address(page: Page) -> str:
    page.goto("/settings")
    return page.get_by_label("Adress", exact=True).input_value()


def test_the_address_from_the_settings_is_a_calendar_that_follows(
    page: Page, signed_in: Enter, live: Live
) -> None:
    owner = signed_in("Klara Kalender", "svalov")
    day = _a_day_to_come()
    number = _planned(live, owner, "Fika, med kaka; och te", day)
    page.goto("/settings")
    page.locator("#calendar").get_by_role("button", name="Skapa en adress").click()
    expect(page.locator(".toast")).to_contain_text("Din kalender har fått en adress.")
    address = _address(page)
    link = page.get_by_role("link", name="Lägg till i min kalender").get_attribute("href")
    assert link == address.replace("http://", "webcal://")
    before = _fetched(address)
    plan = before[f"activity-{number}"]
    assert (plan.summary, plan.start) == ("Fika, med kaka; och te", day)
    assert "Etapp 2: Göra" in {entry.summary for entry in before.values()}

    page.goto(f"/activities/{number}")
    page.locator("summary", has_text="Flytta").click()
    page.get_by_label("Nytt datum").fill((day + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Flytta", exact=True).click()
    expect(page.locator(".toast")).to_be_visible()
    moved = _fetched(address)[f"activity-{number}"]
    assert (moved.uid, moved.start) == (plan.uid, day + timedelta(days=1))
    assert moved.sequence > plan.sequence

    _change(page, "Byt adress")
    expect(page.locator(".toast")).to_contain_text("Din kalender har fått en ny adress.")
    _is_gone(address)
    second = _address(page)
    assert _fetched(second)[f"activity-{number}"].start == day + timedelta(days=1)
    _change(page, "Stäng av kalendern")
    expect(page.locator(".toast")).to_contain_text("Kalendern är avstängd.")
    _is_gone(second)


def _change(page: Page, button: str) -> None:
    page.goto("/settings")
    page.locator("#calendar summary").click()
    page.get_by_role("button", name=button).click()


def _is_gone(address: str) -> None:
    with pytest.raises(HTTPError, match="404"):
        urlopen(address)


def test_a_plan_is_put_into_ones_own_calendar(
    page: Page, signed_in: Enter, live: Live, tmp_path: Path
) -> None:
    owner = signed_in("Kalle Kalender", "svalov")
    day = _a_day_to_come()
    number = _planned(live, owner, "Öppet hus på natten", day)
    page.goto(f"/activities/{number}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Lägg i kalendern").click()
    assert download.value.suggested_filename == "oppet-hus-pa-natten.ics"
    file = tmp_path / "plan.ics"
    download.value.save_as(file)
    entry = entries_in(file.read_bytes())[f"activity-{number}"]
    assert (entry.summary, entry.start) == ("Öppet hus på natten", day)
