"""What waits for somebody's decision: for coordinators in their own area and for leads, never about their own work."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Select, select

from app.extensions import db
from app.models.person import Person, Role
from app.services.challenges import review
from app.services.moderation import queue
from app.services.moderation.queue_area import parameters_of
from app.services.points import questions


class Decisions(NamedTuple):
    """How many, by queue."""

    flagged: int
    completions: int
    questions: int


def decisions_for(person: Person) -> Decisions | None:
    """None for who decides about nothing."""
    if not person.is_a(Role.COORDINATOR, Role.LEAD):
        return None
    how_many = _how_many(everywhere=person.moderated_municipality_ids is None)
    return Decisions._make(db.session.connection().execute(how_many, parameters_of(person)).one())


@lru_cache
def _how_many(*, everywhere: bool) -> Select[int, int, int]:
    """The columns are in the order of `Decisions`; needs `parameters_of`."""
    lengths = (queue.length, review.length, questions.length)
    return select(*(length(everywhere=everywhere).scalar_subquery() for length in lengths))
