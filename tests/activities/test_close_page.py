"""`/close/<token>`: one tap closes out, without a session, and a mere look changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.models.activity import Activity
from app.models.outcome import Hindrance
from app.models.person import Person
from app.models.tip import TipKind
from app.services.activities.tips import lessons_of
from tests.activities.closing import YESTERDAY, again
from tests.cast import Cast
from tests.factories import NOW, TODAY
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def test_it_asks_without_a_session_and_says_that_nothing_is_saved(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert "Fika med nyinflyttade" in page
    assert "Inget är sparat" in page
    assert [page.count(f'value="{choice}"') for choice in ("done", "moved", "not")] == [1, 1, 1]


@pytest.mark.parametrize("choice", ["done", "moved", "not", "nonsense", ""])
def test_scanners_that_look_first_change_nothing(client: FlaskClient, address: str, choice: str) -> None:
    with unchanged():
        for _ in range(2):
            assert client.get(f"{address}?choice={choice}").status_code == 200
            assert client.head(f"{address}?choice={choice}").status_code == 200
    assert client.post(address, data={"choice": "done"}).status_code == 303


@pytest.mark.parametrize("choice", ["done", "moved", "not"])
def test_the_answer_of_the_link_stands_first(client: FlaskClient, address: str, choice: str) -> None:
    page = client.get(f"{address}?choice={choice}").text
    assert page.index(f'value="{choice}"') == page.index('name="choice"') + len('name="choice" ')


def test_one_tap_reports_it_as_done(client: FlaskClient, due: Activity, address: str) -> None:
    answer = client.post(address, data={"choice": "done"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    activity = again(due)
    assert activity.is_carried_out
    assert activity.outcome
    assert activity.outcome.by_id == due.owner_id
    page = client.get(address).text
    assert "Sparat som gjord, 30\u00a0poäng" in page
    assert "Spara och få 10 poäng till" in page


def test_a_rating_and_a_sentence_come_after_it(client: FlaskClient, due: Activity, address: str) -> None:
    client.post(address, data={"choice": "done"})
    told = {"rating": "5", "sentence": "Ring dem som flyttat in dagen innan."}
    assert client.post(f"{address}/account", data=told).status_code == 303
    activity = again(due)
    assert activity.outcome
    assert activity.outcome.rating == 5
    assert lessons_of(due.id) == {TipKind.SUCCESS: told["sentence"]}
    page = client.get(address).text
    assert "Tack. 40\u00a0poäng till Bjuv." in page
    assert "Din mening hjälper nu alla" in page


def test_one_tap_moves_it_a_week_on(client: FlaskClient, due: Activity, address: str) -> None:
    client.post(address, data={"choice": "moved"})
    assert again(due).planned_for == YESTERDAY + timedelta(days=7)
    assert "Flyttad till måndag 16 nov." in client.get(address).text


def test_another_day_may_be_chosen_or_written(client: FlaskClient, due: Activity, address: str) -> None:
    client.post(address, data={"choice": "moved"})
    tomorrow, later = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    assert client.post(f"{address}/day", data={"day": tomorrow.isoformat()}).status_code == 303
    assert again(due).planned_for == tomorrow
    both = {"day": tomorrow.isoformat(), "other": later.isoformat()}
    assert client.post(f"{address}/day", data=both).status_code == 303
    assert again(due).planned_for == later
    assert "din dag" in client.get(address).text


@pytest.mark.parametrize("field", ["day", "other"])
def test_the_day_that_it_is_moved_to_may_be_saved_again_when_it_has_come(
    client: FlaskClient, due: Activity, address: str, field: str
) -> None:
    client.post(address, data={"choice": "moved"})
    then = YESTERDAY + timedelta(days=7)
    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        assert f'value="{then}" checked' in client.get(address).text
        with unchanged():
            assert client.post(f"{address}/day", data={field: str(then)}).status_code == 303
        assert client.post(f"{address}/day", data={"day": str(then + timedelta(days=1))}).status_code == 303
    assert again(due).planned_for == then + timedelta(days=1)


@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=200)])
def test_a_day_outside_the_acting_comes_back_with_why(
    client: FlaskClient, due: Activity, address: str, day: object
) -> None:
    client.post(address, data={"choice": "moved"})
    answer = client.post(f"{address}/day", data={"other": str(day)})
    assert answer.status_code == 422
    assert "Välj en dag från onsdag 11 nov" in answer.text
    assert f'value="{day}"' in answer.text
    assert again(due).planned_for == YESTERDAY + timedelta(days=7)


def test_when_the_acting_is_over_there_is_no_day_to_move_to(
    client: FlaskClient, due: Activity, address: str
) -> None:
    due.stage.learn_on = TODAY
    db.session.commit()
    assert 'value="moved"' not in client.get(address).text
    with unchanged():
        answer = client.post(address, data={"choice": "moved"})
        assert answer.status_code == 422
    assert "Etappen har ingen dag kvar" in answer.text


def test_on_the_last_evening_of_the_acting_what_was_moved_stays_where_it_is(
    client: FlaskClient, due: Activity, address: str
) -> None:
    client.post(address, data={"choice": "moved"})
    due.stage.learn_on = TODAY + timedelta(days=1)
    db.session.commit()
    page = client.get(address).text
    assert "Etappen har ingen dag kvar" in page
    assert 'name="other"' not in page
    with unchanged():
        same = client.post(f"{address}/day", data={"day": str(YESTERDAY + timedelta(days=7))})
        other = client.post(f"{address}/day", data={"other": str(TODAY + timedelta(days=1))})
        none = client.post(f"{address}/day")
    assert (same.status_code, other.status_code, none.status_code) == (303, 422, 422)
    assert "Etappen har ingen dag kvar" in other.text
    assert "Etappen har ingen dag kvar" in none.text


def test_one_tap_says_that_it_did_not_happen(
    client: FlaskClient, as_: As, cast: Cast, due: Activity, address: str
) -> None:
    client.post(address, data={"choice": "not"})
    assert "En ärlig miss ger lika många poäng" in client.get(address).text
    told = {"hindrance": "decision", "sentence": "Fråga lokalvården en vecka innan."}
    client.post(f"{address}/account", data=told)
    activity = again(due)
    assert activity.outcome
    assert not activity.outcome.carried_out
    assert activity.outcome.hindrance == Hindrance.DECISION
    assert lessons_of(due.id) == {TipKind.PITFALL: told["sentence"]}
    assert "Tack. 40\u00a0poäng till Bjuv." in client.get(address).text
    assert "Beslut dröjde" in as_(cast.alice).get(due.path).text


@pytest.mark.parametrize(
    ("choice", "field", "bad"),
    [("done", "rating", "6"), ("not", "hindrance", "weather"), ("done", "sentence", "x" * 1001)],
)
def test_a_form_with_a_fault_comes_back_as_it_was(
    client: FlaskClient, address: str, choice: str, field: str, bad: str
) -> None:
    client.post(address, data={"choice": choice})
    with unchanged():
        answer = client.post(f"{address}/account", data={"sentence": "Ring dagen innan.", field: bad})
        assert answer.status_code == 422
    assert ("Ring dagen innan." if field != "sentence" else bad) in answer.text


@pytest.mark.parametrize("choice", ["done", "moved", "not"])
def test_a_double_tap_does_it_once(client: FlaskClient, app: Flask, address: str, choice: str) -> None:
    client.post(address, data={"choice": choice})
    with unchanged():
        assert app.test_client().post(address, data={"choice": choice}).status_code == 303


def test_the_other_answer_takes_its_place_while_it_may_be_undone(
    client: FlaskClient, due: Activity, address: str
) -> None:
    client.post(address, data={"choice": "not"})
    client.post(address, data={"choice": "moved"})
    activity = again(due)
    assert activity.outcome is None
    assert activity.planned_for == YESTERDAY + timedelta(days=7)
    client.post(address, data={"choice": "done"})
    assert again(due).is_carried_out


@pytest.mark.parametrize("choice", ["", "undo", "DONE"])
def test_what_is_no_answer_changes_nothing(client: FlaskClient, address: str, choice: str) -> None:
    with unchanged():
        assert client.post(address, data={"choice": choice}).status_code == 422
