"""The sewn picture of an activity without a photo."""

from collections.abc import Callable

import pytest
from flask import Flask
from markupsafe import Markup


@pytest.fixture
def patch(app: Flask) -> Callable[..., Markup]:
    return app.jinja_env.globals["patch"]  # type: ignore[return-value]


def test_a_patch_has_the_colours_and_the_mark_of_its_value(patch: Callable[..., Markup]) -> None:
    drawn = patch("g")
    assert 'class="patch v-g"' in drawn
    assert "#v-g" in drawn
    assert 'aria-hidden="true"' in drawn


def test_a_patch_is_as_large_as_asked(patch: Callable[..., Markup]) -> None:
    assert 'viewBox="0 0 48 48"' in patch("m", 2, 2)


def test_neighbours_get_different_patterns_and_each_keeps_its_own(patch: Callable[..., Markup]) -> None:
    assert patch("m", seed=1) != patch("m", seed=2)
    assert patch("m", seed=1) is patch("m", seed=5)
