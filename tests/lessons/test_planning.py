"""The next stage starts from what the last one taught: on its page, and where plans are made."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.models.stage import Stage
from app.models.tip import TipKind
from tests.cast import Cast
from tests.factories import focus_area, make_tip, stage
from tests.lesson_makers import draft, make_helpful, make_third_stage, make_two, publish

#: Stage 2 is over, and stage 3 has not begun.
_BETWEEN = datetime(2027, 1, 20, 9, tzinfo=UTC)

As = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def _after_the_stage(app: Flask) -> Iterator[None]:
    with time_machine.travel(_BETWEEN, tick=False):
        yield


@pytest.fixture(autouse=True)
def third(cast: Cast) -> Stage:
    return make_third_stage()


def test_the_plan_form_shows_the_lessons_of_the_focus_area_first(cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    make_helpful(cast.charlie, 9, text="Nyare och mer tänt på.", kind=TipKind.PITFALL)
    publish(cast.lena)
    for page in ("/activities/new?focus_area=larande", "/activities/peers?focus_area=larande"):
        text = as_(cast.alice).get(page).text
        assert text.count("Lärdom ur etapp 2") == 2
        assert text.index("Boka inte en lördag") < text.index("Ta med skolan") < text.index("Nyare och mer")
        assert text.count(">Boka inte en lördag") <= 1


def test_nobody_reads_twice_what_a_lesson_says_already(cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    publish(cast.lena)
    make_helpful(cast.charlie, 9, text="boka inte en lördag. Hälften uteblev", kind=TipKind.PITFALL)
    make_helpful(cast.charlie, 1, text="Något nytt.", kind=TipKind.PITFALL)
    text = as_(cast.alice).get("/activities/new?focus_area=larande").text
    assert "Boka inte en lördag" in text
    assert "boka inte en lördag" not in text
    assert "Något nytt" in text


def test_as_a_fragment_too(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    make_two(cast.bob)
    publish(cast.lena)
    text = as_(cast.alice).get("/activities/peers?focus_area=larande", headers=hx).text
    assert text.count("Lärdom ur etapp 2") == 2
    assert "<html" not in text


def test_only_of_the_chosen_focus_area_and_not_one_s_own(cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    publish(cast.lena)
    for who, page in (("alice", "focus_area=miljo"), ("alice", ""), ("bob", "focus_area=larande")):
        assert "Lärdom ur etapp" not in as_(getattr(cast, who)).get(f"/activities/new?{page}").text


def test_what_is_not_published_is_not_shown(cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    assert "Lärdom ur etapp" not in as_(cast.alice).get("/activities/new?focus_area=larande").text


def test_what_is_ticked_stands_once(cast: Cast, as_: As) -> None:
    success, _pitfall = make_two(cast.bob)
    publish(cast.lena)
    text = as_(cast.alice).get(f"/activities/new?focus_area=larande&heed={success.tip_id}").text
    assert text.count(f'name="heed" value="{success.tip_id}"') == 1
    assert text.count("Lärdom ur etapp 2") == 1


def test_show_more_leaves_out_what_stands_there(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    success, pitfall = make_two(cast.bob)
    publish(cast.lena)
    for number in range(5):
        make_tip(cast.charlie, text=f"Tips {number}", focus_area=focus_area())
    browser, shown = as_(cast.alice), f"{pitfall.tip_id},{success.tip_id}"
    assert f"shown={shown}," in browser.get("/activities/peers?focus_area=larande", headers=hx).text
    more = browser.get(f"/activities/peers?focus_area=larande&shown={shown}", headers=hx).text
    assert "Tips 4" in more
    assert "Ta med skolan" not in more


def test_the_page_of_the_next_stage_leads_to_them(third: Stage, cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    publish(cast.lena)
    reader = as_(cast.alice)
    for day, calls in (
        ((2027, 1, 20), True),
        ((2027, 2, 3), True),
        ((2027, 2, 20), True),
        ((2027, 3, 20), False),
    ):
        with time_machine.travel(datetime(*day, 9, tzinfo=UTC), tick=False):
            page = reader.get(f"/stages/{third.number}").text
            assert ("Läs vad vi lärde oss sist" in page) is calls, day
    assert 'href="/stages/2/lessons"' in reader.get("/stages/2").text
    assert 'href="/stages/2/lessons"' in reader.get("/tips").text


def test_there_is_no_link_to_what_is_not_there(cast: Cast, as_: As) -> None:
    make_two(cast.bob)
    for page in ("/stages/2", "/stages/3", "/tips"):
        assert "/lessons" not in as_(cast.alice).get(page).text
    assert "/stages/2/lessons/edit" in as_(cast.cora).get("/stages/2").text


def test_of_several_stages_the_latest_published_counts(cast: Cast, as_: As) -> None:
    old = make_tip(cast.bob, text="Gammalt", now=datetime(2026, 3, 2, tzinfo=UTC))
    assert old
    draft(1)
    make_two(cast.charlie)
    lessons_of_first = stage(1)
    assert lessons_of_first
    publish(cast.lena)
    db.session.commit()
    assert "etapp 2" in as_(cast.alice).get("/tips").text
