"""Examples that hypothesis draws: many in one test, each in the same world."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import Connection

from app.extensions import db
from tests.cast import Cast


def starting_anew(test: Callable[..., None]) -> Callable[..., None]:
    """Beneath `@given`: what an example has written is taken back at its end, and each has a cast of its own. Else each
    would find what all before it have left, and take longer than the one before."""

    @wraps(test)
    def example(*, cast: Cast, **drawn: Any) -> None:
        db.session.commit()  # what the fixtures wrote
        connection = db.session.get_bind()
        assert isinstance(connection, Connection), "the test's own"
        before = connection.begin_nested()
        try:
            test(cast=Cast(), **drawn)
        finally:
            db.session.remove()
            before.rollback()

    return example
