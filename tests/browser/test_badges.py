"""A badge on a phone: earned by a report and celebrated, resting while a coordinator hides it, and back again."""

from playwright.sync_api import Page, expect

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.person import Person, Role
from app.services.activities.visibility import whole_activity
from app.services.moderation.decide import hide, restore
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.factories import make_activity, make_person


def test_a_badge_is_earned_celebrated_rests_and_comes_back(page: Page, signed_in: Enter, live: Live) -> None:
    person = signed_in("Märta Märk", "angelholm")
    number, coordinator = _plan(live, person)
    _report(page, number)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Första lappen")
    expect(page.locator("main")).to_contain_text("Nytt märke")
    for wish, animation in (("no-preference", "badge-pops"), ("reduce", "none")):
        page.emulate_media(reduced_motion=wish)  # type: ignore[arg-type]
        expect(page.locator(".bdg.pops")).to_have_css("animation-name", animation)
    page.reload()
    expect(heading).to_have_text("Första lappen")

    page.get_by_role("link", name="Se mina märken").click()
    expect(heading).to_contain_text("1 märke.")
    _moderate(live, number, coordinator, shown=False)
    page.reload()
    resting = page.locator("section", has=page.get_by_role("heading", name="Vilar"))
    resting.get_by_role("link", name="Första lappen").click()
    expect(heading).to_have_text("Första lappen vilar en stund")
    expect(page.locator(".deal")).to_contain_text("Ett namn står i texten.")
    expect(page.get_by_role("link", name="Svara Sam Samordnare")).to_be_visible()

    _moderate(live, number, coordinator, shown=True)
    page.reload()
    expect(heading).to_have_text("Första lappen")
    expect(page.locator("main")).to_contain_text("Ditt sedan")

    page.get_by_role("switch").check()
    expect(page.locator("#saved")).to_have_text("Sparat.")
    page.goto(f"/people/{person.id}")
    expect(page.locator(".badges")).to_contain_text("Första lappen")


def _plan(live: Live, person: Person) -> tuple[int, int]:
    with live.app.app_context():
        coordinator = make_person("Sam Samordnare", "angelholm", Role.COORDINATOR)
        owner = db.session.get_one(Person, person.id)
        return make_activity(owner, title="Grannkvällen", now=clock.now()).id, coordinator.id


def _report(page: Page, number: int) -> None:
    page.goto(f"/activities/{number}/outcome?carried_out=no")
    page.locator("[name=story]").fill("Det regnade bort, men vi ses i maj.")
    page.locator("form.report .btn[type=submit]").last.click()
    page.wait_for_url("**/outcome/thanks")


def _moderate(live: Live, number: int, coordinator: int, *, shown: bool) -> None:
    with live.app.app_context():
        activity: Activity | None = whole_activity(number)
        assert activity
        by = db.session.get_one(Person, coordinator)
        if shown:
            restore(activity, by, clock.now())
        else:
            hide(activity, by, "personal_data", "Ett namn står i texten.", clock.now())
        db.session.commit()
