"""What stands on the pages of errors."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast

As = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [("http://localhost/login", "/login"), ("http://evil.example/login", "/"), ("", "/")],
)
def test_what_was_refused_leads_back_to_its_form(client: FlaskClient, came_from: str, leads_to: str) -> None:
    answer = client.post("/privacy", headers={"Referer": came_from})
    assert answer.status_code == 405
    assert f'href="{leads_to}" data-action="back"' in answer.text


def test_what_is_not_there_leads_to_the_start_alone(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/activities/999").text
    assert 'data-action="back"' not in page
    assert '<a class="btn" href="/">' in page
