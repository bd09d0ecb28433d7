"""Two moderators on one thing, each in a browser of their own: it is decided once, and the second is told by whom."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.moderation import Decision
from app.models.notification import Notification
from app.models.person import Role
from app.services.moderation.acts import UNNOTICED_FOR
from app.services.moderation.flags import flag
from app.services.notifications.held import tell_what_is_due
from tests.browser.live import Live
from tests.browser.phones import newcomer
from tests.factories import make_activity, make_person

_PLACE = "bastad"


@pytest.fixture
def flagged(live: Live) -> tuple[int, int]:
    """The numbers of an activity that somebody has flagged, and of its author."""
    with live.app.app_context():
        author, reader = make_person("Anja Alm", _PLACE), make_person("Rut Ros", _PLACE)
        activity = make_activity(author, title="Sång och kaffe i Båstad")
        flag(activity, reader, "tone", "Det låter hårt.", clock.now())
        db.session.commit()
        return activity.id, author.id


def test_the_second_is_told_who_decided_what_and_nothing_is_decided_twice(
    page: Page, context: BrowserContext, phone: Callable[[], Page], live: Live, flagged: tuple[int, int]
) -> None:
    number, _author = flagged
    other = phone()
    newcomer(live, context, "Cilla Carm", _PLACE, Role.COORDINATOR)
    newcomer(live, other.context, "Dag Dal", _PLACE, Role.COORDINATOR)
    page.goto("/moderation")
    other.goto("/moderation")
    other_card = other.locator(f"#item-{number}")
    expect(other_card).to_be_visible()

    page.locator(f"#item-{number}").get_by_role("button", name="Låt stå").click()
    expect(page.get_by_role("status").filter(has_text="Den får stå kvar.")).to_be_visible()
    other_card.get_by_role("button", name="Låt stå").click()
    expect(other.get_by_role("alert")).to_contain_text("Cilla Carm hann före")
    expect(other_card).to_have_count(0)
    assert _verdicts(live, number) == ["keep"]


def test_two_who_read_it_at_once_decide_once_and_the_author_is_told_of_one(
    page: Page, context: BrowserContext, phone: Callable[[], Page], live: Live, flagged: tuple[int, int]
) -> None:
    number, author = flagged
    other = phone()
    newcomer(live, context, "Cilla Carm", _PLACE, Role.COORDINATOR)
    newcomer(live, other.context, "Dag Dal", _PLACE, Role.COORDINATOR)
    page.goto(f"/moderation/{number}")
    other.goto(f"/moderation/{number}")
    expect(other.get_by_text("Cilla Carm läser den här just nu")).to_be_visible()

    for browser, verdict in ((page, "ask"), (other, "hide")):
        browser.locator(f"input[name=verdict][value={verdict}]").check(force=True)
        browser.locator("input[name=reason][value=tone]").check(force=True)
        browser.locator("textarea[name=text]").fill("Skriv lite mjukare.")
    page.locator(".rv-do form button[type=submit]").click()
    expect(page.get_by_role("status").filter(has_text="Frågan är skickad.")).to_be_visible()
    other.locator(".rv-do form button[type=submit]").click()
    expect(other.get_by_text("Cilla Carm hann före")).to_be_visible()
    assert _verdicts(live, number) == ["ask"]
    with live.app.app_context():
        tell_what_is_due(clock.now() + UNNOTICED_FOR, commit=db.session.commit)
    assert _events(live, author) == ["asked"]


def _verdicts(live: Live, number: int) -> list[str]:
    with live.app.app_context():
        return list(db.session.scalars(select(Decision.verdict).where(Decision.contribution_id == number)))


def _events(live: Live, person_id: int) -> list[str]:
    with live.app.app_context():
        about = select(Notification.parameters).where(
            Notification.person_id == person_id, Notification.kind == "moderation"
        )
        return [parameters["event"] for parameters in db.session.scalars(about)]
