"""What came in between is asked in the report of what came to nothing, and stands on the activity's page."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.outcome import Hindrance, Outcome
from app.models.person import Person
from tests.activities.closing import make_due
from tests.cast import Cast
from tests.factories import make_outcome
from tests.unchanged import unchanged

As = Callable[[Person], FlaskClient]
NOTHING = {"carried_out": "no", "permission": "none", "hindrance": "nobody_came"}


def _hindrance(activity_id: int) -> str | None:
    db.session.expire_all()
    return db.session.get_one(Outcome, activity_id).hindrance


def test_it_is_kept_and_shown(cast: Cast, as_: As) -> None:
    activity, alices = make_due(cast.alice), as_(cast.alice)
    assert alices.post(f"{activity.path}/outcome", data=NOTHING).status_code == 303
    assert _hindrance(activity.id) == Hindrance.NOBODY_CAME
    assert "Ingen kom" in as_(cast.bob).get(activity.path).text
    assert '<option selected value="nobody_came">' in alices.get(f"{activity.path}/outcome").text


def test_it_may_be_left_out(cast: Cast, as_: As) -> None:
    activity = make_due(cast.alice)
    said = {"carried_out": "no", "permission": "none"}
    assert as_(cast.alice).post(f"{activity.path}/outcome", data=said).status_code == 303
    assert _hindrance(activity.id) is None


def test_of_what_was_carried_out_none_is_kept(cast: Cast, as_: As) -> None:
    activity = make_due(cast.alice)
    said = NOTHING | {"carried_out": "yes", "rating": "4"}
    assert as_(cast.alice).post(f"{activity.path}/outcome", data=said).status_code == 303
    assert _hindrance(activity.id) is None


def test_one_that_there_is_not_comes_back(cast: Cast, as_: As) -> None:
    activity, alices = make_due(cast.alice), as_(cast.alice)
    with unchanged():
        said = NOTHING | {"hindrance": "weather", "story": "Ingen vet."}
        answer = alices.post(f"{activity.path}/outcome", data=said)
        assert answer.status_code == 422
    assert "Ingen vet." in answer.text


@pytest.mark.parametrize(("carried_out", "hindrance"), [(True, "time"), (False, "weather")])
def test_the_database_refuses_it_too(cast: Cast, carried_out: bool, hindrance: str) -> None:
    outcome = make_outcome(make_due(cast.alice), carried_out=carried_out)
    outcome.hindrance = hindrance
    with pytest.raises(IntegrityError):
        db.session.flush()
