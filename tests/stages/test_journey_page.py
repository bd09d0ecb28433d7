"""The journey as participants see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.models.stage import Stage
from app.services.activities.plan import plan_activity
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_plan, stage

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
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 60)
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
