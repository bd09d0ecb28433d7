"""The journey as participants see it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.models.stage import Stage
from app.services.activities.plan import plan_activity
from app.services.moderation.decide import hide
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_activity, make_outcome, make_plan, stage

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def plan(owner: Person, title: str, days: int, stage_number: int = 2) -> int:
    on = TODAY + timedelta(days=days)
    made = plan_activity(
        owner,
        make_plan(title=title, planned_for=on, place="", audience="", success_sign=""),
        stage=stage(stage_number),
        request_key=title,
        now=NOW,
    )
    db.session.commit()
    return made.id


@pytest.mark.parametrize("path", ["/stages/2", "/insights/stages/2", "/admin", "/admin/stages/2"])
def test_every_page_names_the_last_day_of_a_stage(cast: Cast, as_: As, path: str) -> None:
    assert stage(2).end_on.isoformat() == "2026-12-14"
    page = as_(cast.lena).get(path).text
    assert "13 dec" in page


def test_the_way_goes_from_the_first_day_through_today_to_the_last(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/stages").get_data(True)
    stops = ["7 sep", "28 sep", "I dag", "29 nov", "30 nov", "13 dec"]
    way = page[page.index('class="way"') :]
    assert [way.index(stop) for stop in stops] == sorted(way.index(stop) for stop in stops)
    assert "Etapp 2 av 2" in page
    assert way.count('class="ph"') == 3


def test_ones_own_plans_stand_on_the_way_and_what_is_due_comes_first(cast: Cast, as_: As) -> None:
    late = plan(cast.alice, "Fika med nyinflyttade", -2)
    plan(cast.alice, "Bokbyte i biblioteket", 5)
    plan(cast.bob, "Bobs egen aktivitet", 5)
    page = as_(cast.alice).get("/stages/2").get_data(True)
    page = page[page.index('class="just"') :]
    assert page.index(f'href="/activities/{late}/outcome"') < page.index('class="way"')
    page = page[page.index('class="way"') :]
    assert page.index("Fika med nyinflyttade") < page.index("I dag") < page.index("Bokbyte i biblioteket")
    assert "Bobs egen aktivitet" not in page


@pytest.mark.parametrize(
    ("now", "headline", "expected", "today"),
    [
        (datetime(2026, 8, 20, 9, tzinfo=UTC), "Om 18 dagar börjar vi.", "Inget än. Vila ett tag.", False),
        (datetime(2026, 9, 10, 9, tzinfo=UTC), "18 dagar kvar att mäta.", "Inget just nu.", True),
        (NOW, "20 dagar kvar att göra.", "Planera något konkret", True),
        (datetime(2026, 12, 13, 9, tzinfo=UTC), "1 dag kvar att lära.", "Vi lär av varandra", True),
        (datetime(2026, 12, 14, 9, tzinfo=UTC), "Vi är framme.", "Se vad vi gjorde ihop", False),
    ],
    ids=["before", "measure", "act", "learn", "after"],
)
def test_each_time_has_its_headline_and_says_what_is_expected(
    cast: Cast, as_: As, now: datetime, headline: str, expected: str, today: bool
) -> None:
    with time_machine.travel(now, tick=False):
        page = as_(cast.alice).get("/stages/2").text
    assert headline in page
    assert page.count('id="expected"') == 1
    assert expected in page[page.index('id="expected"') :]
    assert ("I dag" in page) is today
    assert "7 sep–27 sep" in page, "each bar has its days"


def test_what_one_has_done_in_the_stage_stands_there_with_its_state(cast: Cast, as_: As) -> None:
    make_outcome(make_activity(cast.alice, title="Bokbyte i biblioteket"))
    make_activity(cast.alice, title="Språkcafé på stationen")
    hide(make_activity(cast.alice, title="Kvällsöppet för nattskiftet"), cast.cora, "tone", "", NOW)
    make_activity(cast.alice, title="Något från förra etappen", stage=stage(1))
    make_activity(cast.bob, title="Bobs egen aktivitet")
    page = as_(cast.alice).get("/stages/2").text
    own = page[page.index('id="own"') : page.index('id="when"')]
    assert "Gjord, betyg 4" in own
    assert "Språkcafé på stationen" in own
    assert "Dold" in own
    assert "Något från förra etappen" not in page
    assert "Bobs egen aktivitet" not in page
    assert 'id="own"' not in as_(cast.charlie).get("/stages/2").text


def test_of_a_stage_that_people_do_not_act_in_nothing_is_expected(cast: Cast, as_: As) -> None:
    plan(cast.alice, "Fika med nyinflyttade", -2)
    page = as_(cast.alice).get("/stages/1").text
    assert "Hur gick det?" not in page
    assert 'href="/stages/1/end"' in page


def test_what_was_never_reported_in_earlier_stages_hides_nothing(cast: Cast, as_: As) -> None:
    for number in range(9):
        plan(cast.alice, f"Gammal {number}", -200, stage_number=1)
    plan(cast.alice, "Bokbyte i biblioteket", 5)
    assert "Bokbyte i biblioteket" in as_(cast.alice).get("/stages/2").get_data(True)


def test_every_stage_has_its_page_and_others_do_not(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    assert "Våga visa" in alice.get("/stages/1").get_data(True)
    assert "I dag" not in alice.get("/stages/1").get_data(True)
    assert alice.get("/stages/9").status_code == 404


def test_without_stages_the_page_says_so(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    db.session.query(Stage).delete()
    db.session.commit()
    assert "Ingen etapp är planerad än" in alice.get("/stages").get_data(True)


@pytest.mark.parametrize("url", ["/stages", "/stages/2"])
def test_strangers_are_sent_to_sign_in(client: FlaskClient, url: str) -> None:
    assert client.get(url).location == f"/login?next={url}"


def test_the_queries_of_the_journey_do_not_grow(
    app: Flask, cast: Cast, as_: As, queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 24 * 3600)
    alice = as_(cast.alice)
    plan(cast.alice, "Den första av många", 1)
    alice.get("/stages")
    db.session.expire_all()
    queries.clear()
    alice.get("/stages")
    few = len(queries)
    for number in range(6):
        plan(cast.alice, f"En till aktivitet {number}", number)
    db.session.expire_all()
    queries.clear()
    alice.get("/stages")
    assert len(queries) == few
