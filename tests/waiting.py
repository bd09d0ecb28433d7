"""Waiting for what another process does."""

import time
from collections.abc import Callable

from app.extensions import db


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it holds; each look at the database is at what is there by then."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        db.session.rollback()
        time.sleep(0.02)
