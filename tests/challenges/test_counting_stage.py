"""What pages promise is what is given, by the policy of the stage; and when a stage is over, what comes is the next."""

from collections.abc import Callable

import pytest
import time_machine
from flask.testing import FlaskClient

from app.extensions import db
from app.models.person import Person
from app.models.programme import Programme
from app.services.programme.clock import midnight, programme_zone
from tests.cast import Cast
from tests.factories import NOW, add_rules, make_activity, stage

pytestmark = pytest.mark.usefixtures("at_now")

As = Callable[[Person], FlaskClient]


def load_another_policy() -> None:
    """A file whose points hold from the next stage."""
    programme = db.session.get_one(Programme, 1)
    programme.points = programme.points | {
        "first": {"points": 77, "daily": 2}, "report": {"points": 99, "daily": 2}, "joint_factor": 7
    }  # fmt: skip
    db.session.commit()


def test_a_new_policy_promises_nothing_in_the_stage_that_runs(cast: Cast, as_: As) -> None:
    add_rules(first={"points": 20, "daily": 2})
    load_another_policy()
    activity, alice = make_activity(cast.alice), as_(cast.alice)
    assert "En tom ruta ger 20 poäng extra" in alice.get("/challenges").text
    assert "få 30 poäng" in alice.get(f"{activity.path}/outcome").text
    assert "dubbla poäng" in alice.get("/activities/new").text


def test_between_two_stages_a_new_challenge_begins_in_the_next_one(cast: Cast, as_: As) -> None:
    with time_machine.travel(NOW.replace(month=7), tick=False):
        page = as_(cast.lena).get("/challenges/new").text
    assert f'value="{stage().activate_on.isoformat()}"' in page


def test_an_empty_square_promises_nothing_after_the_last_day(cast: Cast, as_: As) -> None:
    add_rules(first={"points": 20, "daily": 2})
    with time_machine.travel(midnight(stage().end_on, programme_zone()), tick=False):
        page = as_(cast.alice).get("/challenges").text
    assert "poäng extra" not in page
    assert "ingen än" in page
