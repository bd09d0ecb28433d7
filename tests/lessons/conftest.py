"""What the tests of lessons share: the clock stands in the learn phase of stage 2."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.lesson_makers import LEARNING


@pytest.fixture
def learning() -> Iterator[None]:
    with time_machine.travel(LEARNING, tick=False):
        yield
