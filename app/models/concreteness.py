"""Konkretiseringsnivå: the questions that make a plan concrete (PRODUCT: Concreteness)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Question:
    """One of the questions."""

    #: The name that the concreteness meter uses.
    key: str
    #: The activity's column that holds the answer.
    column: str
    #: An answer with fewer characters does not count as one.
    least: int
    #: Whether the form for a similar activity begins with the same answer.
    copied: bool = True


#: What exactly, when, where, for whom, and how will we know that it worked.
QUESTIONS: Final = (
    Question("what", "title", least=12),
    Question("when", "planned_for", least=1, copied=False),
    Question("where", "place", least=3, copied=False),
    Question("whom", "audience", least=3),
    Question("evidence", "success_sign", least=3),
)


def answered_questions(answers: Mapping[str, Any]) -> list[str]:
    """Keys of the questions that a plan answers, from its answers by column."""
    return [
        question.key
        for question in QUESTIONS
        if len(str(answers[question.column] or "").strip()) >= question.least
    ]
