from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.person import Person
from tests.cast import Cast
from tests.survey.reading.fetching import Readers


@pytest.fixture
def readers(app: Flask, cast: Cast, as_: Callable[[Person], FlaskClient], at_now: None) -> Readers:
    """Everybody who may read something of the surveys of stages 1 and 2, of which all is withheld."""
    return Readers(app, cast, as_)
