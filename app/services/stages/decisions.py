"""What waits for somebody's decision: for coordinators in their own area and for leads, never about their own work."""

from typing import NamedTuple

from app.models.person import Person, Role
from app.services.challenges.review import how_many_wait
from app.services.moderation.queue import queue_length
from app.services.points.questions import how_many_questions_wait


class Decisions(NamedTuple):
    """How many, by queue."""

    flagged: int
    completions: int
    questions: int


def decisions_for(person: Person) -> Decisions | None:
    """None for who decides about nothing."""
    if not person.is_a(Role.COORDINATOR, Role.LEAD):
        return None
    return Decisions(queue_length(person), how_many_wait(person), how_many_questions_wait(person))
