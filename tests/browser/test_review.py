"""A moderator decides on the page on which one thing is read, without the queue around it."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.activity import Activity
from app.models.moderation import Decision
from app.models.person import Person, Role
from app.services.activities.checks import begin_waiting
from app.services.moderation.appeals import answer_back
from app.services.moderation.decide import hide
from tests.browser.live import Live
from tests.browser.phones import Enter
from tests.factories import make_activity, make_person

_PLACE = "bastad"


@pytest.mark.parametrize(
    ("state", "button", "verdict"),
    [
        ("waits", "Publicera", "publish"),
        ("answered", "Visa igen", "restore"),
        ("answered", "Fortsätt dölja", "uphold"),
    ],
)
def test_one_tap_decides(
    page: Page, signed_in: Enter, live: Live, state: str, button: str, verdict: str
) -> None:
    with live.app.app_context():
        author, other = make_person("Anja Alm", _PLACE), make_person("Cia Berg", _PLACE, Role.COORDINATOR)
        activity = make_activity(author, title="Sång och kaffe i Båstad")
        (_wait if state == "waits" else _answer)(activity, author, other)
        db.session.commit()
        number = activity.id
    signed_in("Dag Dal", _PLACE, Role.COORDINATOR)
    page.goto(f"/moderation/{number}")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name=button).click()
    expect(page).to_have_url(re.compile(r"/moderation\?decided=\d+$"))
    expect(page.locator(f"#item-{number}")).to_have_count(0)
    with live.app.app_context():
        decisions = select(Decision.verdict).where(Decision.contribution_id == number).order_by(Decision.id)
        assert db.session.scalars(decisions).all()[-1] == verdict


def _wait(activity: Activity, _author: Person, _other: Person) -> None:
    begin_waiting(activity, clock.now())


def _answer(activity: Activity, author: Person, other: Person) -> None:
    hide(activity, other, "tone", "Det låter hårt.", clock.now())
    answer_back(activity, author, "Det var ett skämt mellan vänner.", clock.now())
