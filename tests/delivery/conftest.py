"""What several tests of services need."""

from collections.abc import Iterator

import pytest

from tests.push_service import PushService


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service
