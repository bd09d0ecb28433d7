"""What the tests of tips share: a policy with points for a tip that is taken into account."""

import pytest

from tests.cast import Cast
from tests.factories import add_rules


@pytest.fixture
def heeded_earns(cast: Cast) -> None:
    add_rules(heeded={"points": 5, "daily": 2})
