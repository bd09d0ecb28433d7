"""Something is tried, and all that it wrote is taken back, also what it committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from app.extensions import db


@contextmanager
def taken_back() -> Iterator[Connection]:
    """What was written before counts as committed. Gives the test's own connection."""
    db.session.commit()
    connection = db.session.get_bind()
    assert isinstance(connection, Connection), "the test's own"
    before = connection.begin_nested()
    try:
        yield connection
    finally:
        db.session.remove()
        before.rollback()
