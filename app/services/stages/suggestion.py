"""What somebody without a plan might begin with: an open challenge that fits them, else a proven activity near them.

What there is to choose from is the same for everybody, so whoever asks often keeps it (app/web/expected.py).
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.services.challenges.fitting import Candidate, Fitting, in_order_of_fit, open_candidates
from app.services.stages.proven import ProvenActivities, proven_activities
from app.services.sums.squares import squares_of


class Suggestion(NamedTuple):
    """A challenge, which one can take on until `closes_on`; or, without that day, something that was carried out and
    that one can borrow."""

    id: int
    title: str
    value_id: int
    municipality_id: int | None
    closes_on: date | None = None


@dataclass(frozen=True, eq=False)
class Choice:
    """What there is to choose from in a stage on a day."""

    candidates: tuple[Candidate, ...]
    #: The squares where something has been carried out.
    lively: frozenset[tuple[int, int]]
    proven: ProvenActivities


def choice_in(stage_id: int, today: date) -> Choice:
    """Four queries, however much there is."""
    return Choice(
        tuple(open_candidates(stage_id, today)),
        frozenset(square for square, count in squares_of(stage_id).items() if count),
        proven_activities(),
    )


def suggestion_for(person_id: int, fitting: Fitting, choice: Choice) -> Suggestion | None:
    """For somebody who has taken nothing on: first what fits best of the challenges (challenges/fitting.py), else the
    nearest of what others have carried out well."""
    for best in in_order_of_fit(fitting, choice.candidates, choice.lively)[:1]:
        return Suggestion(best.id, best.title, best.value_id, best.municipality_id, best.closes_on)
    near = choice.proven.nearest_to(person_id, fitting.municipality_id, fitting.planned_areas)
    return near and Suggestion(near.id, near.title, near.value_id, near.municipality_id)
