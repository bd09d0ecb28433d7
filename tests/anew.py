"""Examples that hypothesis draws: many in one test, each in the same world."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from tests.cast import Cast
from tests.taken_back import taken_back


def starting_anew(test: Callable[..., None]) -> Callable[..., None]:
    """Beneath `@given`: what an example has written is taken back at its end, and each has a cast of its own. Else each
    would find what all before it have left, and take longer than the one before."""

    @wraps(test)
    def example(*, cast: Cast, **drawn: Any) -> None:
        with taken_back():
            test(cast=Cast(), **drawn)

    return example
