"""Coming along and cheering: by keyboard, by a double tap, and without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from app import clock
from app.extensions import db
from app.models.coming import Coming
from app.models.contribution import Contribution
from app.models.person import Person
from app.services.activities.coming import come_along
from tests.browser.live import Live
from tests.browser.phones import Enter, newcomer
from tests.factories import make_activity, make_person


def test_by_keyboard_one_comes_along_hears_of_it_and_takes_it_back(
    page: Page, signed_in: Enter, live: Live
) -> None:
    number = _walk(live, places=3, coming=1)
    signed_in("Tage Tall", "bastad")
    page.goto(f"/activities/{number}")
    card = page.locator("#coming")
    expect(card.get_by_role("heading")).to_have_text("1 kommer. 2 platser kvar.")
    card.get_by_role("button", name="Jag är med").focus()
    page.keyboard.press("Enter")
    heading = card.get_by_role("heading")
    expect(heading).to_have_text("Du är med. 1 plats kvar.")
    expect(heading).to_be_focused()
    page.keyboard.press("Enter")  # as whoever presses twice
    page.keyboard.press("Tab")
    expect(card.get_by_role("link", name="Se vilka")).to_be_focused()
    leave = card.get_by_role("button", name="Jag kan inte")
    leave.focus()
    page.keyboard.press("Enter")
    expect(card.get_by_role("heading")).to_be_focused()
    expect(card.get_by_role("heading")).to_have_text("1 kommer. 2 platser kvar.")
    assert _coming(live, number) == 1


def test_a_double_tap_is_one_and_back_shows_what_is(page: Page, signed_in: Enter, live: Live) -> None:
    number = _walk(live)
    signed_in("Disa Dal", "bastad")
    page.goto(f"/activities/{number}")
    page.get_by_role("button", name="Jag är med").dblclick()
    expect(page.locator("#coming").get_by_role("heading")).to_have_text("Du är med.")
    page.get_by_role("link", name="Mina aktiviteter").or_(page.locator("a[href='/me']").first).first.click()
    page.go_back()
    expect(page.locator("#coming").get_by_role("heading")).to_have_text("Du är med.")
    assert _coming(live, number) == 1


def test_without_javascript_one_stands_in_the_queue_and_leaves_it(
    new_context: Callable[..., BrowserContext], live: Live
) -> None:
    number = _walk(live, places=1, coming=1)
    page = _plain(new_context, live, "Kaj Kant")
    page.goto(f"/activities/{number}")
    page.get_by_role("button", name="Ställ mig på kö").click()
    expect(page).to_have_url(f"{live.url}/activities/{number}#coming")
    expect(page.locator("#coming").get_by_role("heading")).to_have_text("Du är nummer 1 på kö")
    page.get_by_role("button", name="Lämna kön").click()
    expect(page.locator("#coming").get_by_role("heading")).to_have_text("Den enda platsen är tagen")


def test_by_keyboard_one_cheers_in_one_of_three_ways(page: Page, signed_in: Enter, live: Live) -> None:
    number = _walk(live)
    signed_in("Siv Sund", "bastad")
    page.goto(f"/activities/{number}")
    hat, fika = (page.locator(f"#cheer-{number}-{kind}") for kind in ("hat", "fika"))
    hat.focus()
    page.keyboard.press("Space")
    expect(hat).to_have_attribute("aria-pressed", "true")
    expect(hat).to_be_focused()
    expect(page.locator("#cheers-status")).to_have_text("Du gav: Hatten av.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(fika).to_have_attribute("aria-pressed", "true")
    expect(hat).to_have_attribute("aria-pressed", "false")
    expect(fika).to_be_focused()
    page.keyboard.press("Enter")
    expect(fika).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#cheers-status")).to_have_text("Tillbakatagen.")
    with live.app.app_context():
        assert db.session.get_one(Contribution, number).cheer_count == 0


def test_without_javascript_a_cheer_is_a_form(new_context: Callable[..., BrowserContext], live: Live) -> None:
    number = _walk(live)
    page = _plain(new_context, live, "Sten Sund")
    page.goto(f"/activities/{number}")
    page.locator(f"#cheer-{number}-fika").click()
    expect(page).to_have_url(f"{live.url}/activities/{number}#cheers-{number}")
    expect(page.locator(f"#cheer-{number}-fika")).to_have_attribute("aria-pressed", "true")


def _walk(live: Live, places: int | None = None, coming: int = 0) -> int:
    now = clock.now()
    with live.app.app_context():
        day = clock.local_date(now, "Europe/Stockholm") + timedelta(days=9)
        people = [make_person(place="klippan") for _ in range(coming)]
        activity = make_activity(make_person("Amira Haddad", "klippan"), planned_for=day, now=now)
        activity.places = places
        for person in people:
            come_along(activity, db.session.get_one(Person, person.id), now=now)
        db.session.commit()
        return activity.id


def _coming(live: Live, number: int) -> int:
    with live.app.app_context():
        return db.session.scalar(select(func.count()).where(Coming.activity_id == number)) or 0


def _plain(new_context: Callable[..., BrowserContext], live: Live, name: str) -> Page:
    context = new_context(java_script_enabled=False)
    newcomer(live, context, name, "bastad")
    return context.new_page()
