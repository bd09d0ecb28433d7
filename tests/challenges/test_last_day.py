"""The last day of a challenge is the last one to take it on. What was promised stands after it, and whoever moves it is
told what that does."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.extensions import db
from app.models.challenge import Challenge
from app.models.person import Person
from app.services.challenges.undertake import leave
from tests.cast import Cast
from tests.challenge_makers import complete, make_challenge, make_open, make_undertaking, undertaking_of
from tests.factories import NOW, TODAY, value
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]
LAST = TODAY + timedelta(days=7)
LATER = LAST + timedelta(days=3)
LATE = "Dagen är efter utmaningens sista dag, 17 nov. Det går bra"
PLAN = {"value": "valkomnande", "focus_area": "oppenhet", "request_key": "k", "title": "Soppa på torget"}


def days(challenge: Challenge, opens_on: date, closes_on: date, **over: Any) -> dict[str, Any]:
    """The form of a challenge, as it is shown but for its days."""
    return {
        "title": challenge.title, "why": challenge.why, "value": value().slug, "focus_area": "larande",
        "kind": "individual", "done_when": "\n".join(challenge.done_when), "points": challenge.points,
        "opens_on": opens_on.isoformat(), "closes_on": closes_on.isoformat(), "seen": challenge.changed_at.isoformat(),
    } | over  # fmt: skip


def test_the_page_says_the_rule(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get(make_challenge().path).text
    assert "Den kan antas till och med 17 nov. Den som har antagit den får bli klar senare" in page


def test_the_form_says_kindly_that_a_day_comes_after_it(cast: Cast, as_: As, hx: dict[str, str]) -> None:
    number, alice = make_challenge().id, as_(cast.alice)
    sent = PLAN | {"title": "", "planned_for": LATER.isoformat()}
    assert LATE in alice.post(f"/activities/new?challenge={number}", data=sent).text
    asked = f"/activities/alike?challenge={number}&focus_area=oppenhet&planned_for="
    assert LATE in alice.get(asked + LATER.isoformat(), headers=hx).text
    assert LATE not in alice.get(asked + LAST.isoformat(), headers=hx).text
    assert alice.get(asked, headers=hx).status_code == 200


def test_saved_moved_or_changed_to_such_a_day_it_is_said(cast: Cast, as_: As) -> None:
    number, alice = make_challenge().id, as_(cast.alice)
    sent = PLAN | {"planned_for": LATER.isoformat()}
    page = alice.post(f"/activities/new?challenge={number}", data=sent).headers["Location"]
    assert LATE in alice.get(page).text
    alice.post(f"{page}/date", data={"planned_for": LAST.isoformat()})
    assert LATE not in alice.get(page).text
    alice.post(f"{page}/date", data={"planned_for": LATER.isoformat()})
    assert LATE in alice.get(page).text
    alice.post(f"{page}/edit", data=sent | {"place": "Torget"})
    assert LATE in alice.get(page).text


def test_another_plan_has_no_last_day(cast: Cast, as_: As) -> None:
    alice = as_(cast.alice)
    page = alice.post("/activities/new", data=PLAN | {"planned_for": LATER.isoformat()}).headers["Location"]
    assert "utmaningens sista dag" not in alice.get(page).text


def test_a_report_after_it_counts_and_nobody_new_takes_it_on(cast: Cast, as_: As) -> None:
    challenge = make_challenge()
    activity = make_undertaking(cast.alice, challenge)
    challenge.closes_on = TODAY - timedelta(days=1)
    db.session.commit()
    complete(activity)
    assert undertaking_of(activity).is_counted
    answer = as_(cast.bob).post(f"/activities/new?challenge={challenge.id}", data=PLAN)
    assert answer.status_code == 422
    assert "Utmaningen har stängt" in answer.text


def test_who_leaves_after_it_cannot_come_back(cast: Cast, as_: As) -> None:
    challenge = make_challenge()
    activity = make_undertaking(cast.alice, challenge)
    challenge.closes_on = TODAY - timedelta(days=1)
    leave(activity, by=cast.alice, now=NOW)
    db.session.commit()
    assert "Anta utmaningen" not in as_(cast.alice).get(challenge.path).text


@pytest.mark.parametrize(
    ("opens", "closes", "warning", "message"),
    [
        (-20, -1, "Med de här dagarna stänger utmaningen", "Ändrad. Utmaningen är stängd nu."),
        (
            2,
            9,
            "Med de här dagarna är utmaningen inte längre öppen",
            "Utmaningen öppnar först på sin första dag.",
        ),
    ],
)
def test_days_that_would_close_an_open_one_are_saved_only_by_who_knows_it(
    cast: Cast, as_: As, opens: int, closes: int, warning: str, message: str
) -> None:
    challenge, cora = make_open(cast.cora, municipality_id=cast.cora.municipality_id), as_(cast.cora)
    address = f"{challenge.path}/edit"
    sent = days(challenge, TODAY + timedelta(days=opens), TODAY + timedelta(days=closes))
    with unchanged():
        answer = cora.post(address, data=sent)
    assert answer.status_code == 422
    assert warning in answer.text
    effect = answer.text.partition('name="confirmed"')[2].partition('value="')[2].partition('"')[0]
    assert cora.post(address, data=sent | {"confirmed": effect}).status_code == 303
    page = cora.get(challenge.path).text
    assert message in page
    assert "Utmaningen är stängd" in page or "Inte öppen än" in page


def test_what_was_confirmed_holds_for_that_alone(cast: Cast, as_: As) -> None:
    challenge, cora = make_open(cast.cora, municipality_id=cast.cora.municipality_id), as_(cast.cora)
    sent = days(challenge, TODAY + timedelta(days=2), TODAY + timedelta(days=9), confirmed="closes")
    assert cora.post(f"{challenge.path}/edit", data=sent).status_code == 422


def test_a_later_last_day_opens_it_again_and_says_so(cast: Cast, as_: As) -> None:
    closed = {"opens_on": TODAY - timedelta(days=30), "closes_on": TODAY - timedelta(days=1)}
    challenge, cora = (
        make_open(cast.cora, municipality_id=cast.cora.municipality_id, **closed),
        as_(cast.cora),
    )
    sent = days(challenge, challenge.opens_on, TODAY + timedelta(days=5))
    assert cora.post(f"{challenge.path}/edit", data=sent).status_code == 303
    assert "Utmaningen är öppen igen." in cora.get(challenge.path).text


@pytest.mark.parametrize(("opens", "closes"), [(-30, 19), (-30, 3), (0, 9)])
def test_days_that_leave_it_open_need_no_second_look(cast: Cast, as_: As, opens: int, closes: int) -> None:
    challenge, cora = make_open(cast.cora, municipality_id=cast.cora.municipality_id), as_(cast.cora)
    sent = days(challenge, TODAY + timedelta(days=opens), TODAY + timedelta(days=closes))
    assert cora.post(f"{challenge.path}/edit", data=sent).status_code == 303
