"""A form that is sent twice makes one thing: each carries a key, and the same key from the same person is a retry."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.contribution import is_withdrawn

Thing = TypeVar("Thing")


class TakenBackError(ValueError):
    """What the key made has been taken back since: it is neither kept nor made a second time."""


def made_once(find: Callable[[], Thing | None], make: Callable[[], Thing]) -> tuple[Thing, bool]:
    """What the key has made, and whether it is new. A retry gets what was made the first time as it is by now, which
    may have been taken back since. `find` looks for the key; `make` adds to the session, and a unique constraint
    refuses it when the other request of a double tap was first."""
    earlier = find()
    if earlier is not None:
        return earlier, False
    try:
        with db.session.begin_nested():
            return make(), True
    except IntegrityError:
        first = find()
        if first is None:
            raise
        return first, False


def demand_kept(contribution_id: int) -> None:
    """Raises TakenBackError."""
    if db.session.scalar(select(is_withdrawn(contribution_id))):
        raise TakenBackError
