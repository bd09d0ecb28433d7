"""What tests of moderation begin with."""

import pytest

from app.models.programme import Check
from tests.cast import Cast
from tests.moderation.looked_at import look_at


@pytest.fixture
def everything(cast: Cast) -> None:
    """Is looked at before it is published."""
    _ = cast.alice, cast.bob, cast.cora
    look_at(Check.ALL)
