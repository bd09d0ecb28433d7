"""A calendar that Alice follows."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from icalendar import Event

from tests.calendar_makers import entries_in, make_calendar
from tests.cast import Cast

#: What a program has after it has asked.
Read = Callable[[], dict[str, Event]]


@pytest.fixture
def path(cast: Cast) -> str:
    """Of Alice's calendar."""
    return make_calendar(cast.alice)


@pytest.fixture
def read(client: FlaskClient, path: str) -> Read:
    def ask() -> dict[str, Event]:
        answer = client.get(path)
        assert answer.status_code == 200
        return entries_in(answer.data)

    return ask
