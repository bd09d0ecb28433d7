"""What the tests of tips share: a policy with points for a tip that is taken into account."""

import pytest

from app.extensions import db
from app.models.programme import Programme
from tests.cast import Cast


@pytest.fixture
def heeded_earns(cast: Cast) -> None:
    programme = db.session.get_one(Programme, 1)
    programme.points = {**programme.points, "heeded": {"points": 5, "daily": 2}}
    db.session.flush()
