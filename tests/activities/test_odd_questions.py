"""What the plan form's parts are asked by hand-made addresses."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast

As = Callable[[Person], FlaskClient]

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "x"])
def test_any_date_may_be_asked_for(cast: Cast, as_: As, day: str) -> None:
    address = f"/activities/alike?focus_area=larande&planned_for={day}"
    assert as_(cast.alice).get(address, headers=HTMX).status_code == 200


@pytest.mark.parametrize("query", ["shown=", "shown=1&focus_area=x", "shown=1"])
def test_more_tips_of_no_focus_area_are_not_there(cast: Cast, as_: As, query: str) -> None:
    assert as_(cast.alice).get(f"/activities/peers?{query}", headers=HTMX).status_code == 404
