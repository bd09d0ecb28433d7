"""What somebody without a plan might begin with: an open challenge that fits them, else a model for all to borrow.

What there is to choose from is the same for everybody, so whoever asks often keeps it (app/web/expected.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.best_practice import BestPractice
from app.models.contribution import is_visible
from app.models.outcome import is_carried_out
from app.services.challenges.fitting import Candidate, Fitting, in_order_of_fit, open_candidates
from app.services.sums.squares import squares_of

#: So many of the latest models are looked through, however many there are.
_LOOKED_THROUGH: Final = 50


class Suggestion(NamedTuple):
    """A challenge, which one can take on until `closes_on`; or, without that day, something that was carried out and
    that one can borrow."""

    id: int
    title: str
    value_id: int
    municipality_id: int | None
    closes_on: date | None = None


class Model(NamedTuple):
    """Förebild: something carried out, which coordinators have lifted."""

    id: int
    title: str
    value_id: int
    focus_area_id: int
    municipality_id: int
    owner_id: int


@dataclass(frozen=True, eq=False)
class Choice:
    """What there is to choose from in a stage on a day."""

    candidates: tuple[Candidate, ...]
    #: The squares where something has been carried out.
    lively: frozenset[tuple[int, int]]
    #: Latest lifted first.
    models: tuple[Model, ...]
    #: Who made which model, as its owner or as a partner.
    made_by: frozenset[tuple[int, int]]


#: In the order of `Model`. An outer join, so that both engines begin with the latest that were lifted.
_MODELS: Final = (
    select(
        Activity.id,
        Activity.title,
        Activity.value_id,
        Activity.focus_area_id,
        Activity.municipality_id,
        Activity.owner_id,
    )
    .select_from(BestPractice)
    .outerjoin(Activity, Activity.id == BestPractice.contribution_id)
    .where(is_carried_out(BestPractice.contribution_id), is_visible(BestPractice.contribution_id))
    .order_by(BestPractice.at.desc(), BestPractice.contribution_id.desc())
    .limit(_LOOKED_THROUGH)
)
_PARTNERS: Final = select(CoOwner.activity_id, CoOwner.person_id).where(
    CoOwner.activity_id.in_(bindparam("numbers", expanding=True)), CoOwner.is_partner
)


def choice_in(stage_id: int, today: date) -> Choice:
    """Four queries, however much there is."""
    connection = db.session.connection()
    models = tuple(Model._make(row) for row in connection.execute(_MODELS))
    partners = connection.execute(_PARTNERS, {"numbers": [model.id for model in models]})
    return Choice(
        tuple(open_candidates(stage_id, today)),
        frozenset(square for square, count in squares_of(stage_id).items() if count),
        models,
        frozenset(
            [*((model.id, model.owner_id) for model in models), *((row[0], row[1]) for row in partners)]
        ),
    )


def suggestion_for(person_id: int, fitting: Fitting, choice: Choice) -> Suggestion | None:
    """For somebody who has taken nothing on: first what fits best of the challenges (challenges/fitting.py). Of the
    models one that others made: in a focus area where the person has planned before, then from another municipality,
    then the latest."""
    for best in in_order_of_fit(fitting, choice.candidates, choice.lively)[:1]:
        return Suggestion(best.id, best.title, best.value_id, best.municipality_id, best.closes_on)
    by_others = (model for model in choice.models if (model.id, person_id) not in choice.made_by)
    return _nearest(fitting, by_others)


def _nearest(fitting: Fitting, models: Iterable[Model]) -> Suggestion | None:
    def distance(model: Model) -> tuple[bool, bool]:
        is_other_area = model.focus_area_id not in fitting.planned_areas
        return is_other_area, model.municipality_id == fitting.municipality_id

    nearest = min(models, key=distance, default=None)
    return nearest and Suggestion(nearest.id, nearest.title, nearest.value_id, nearest.municipality_id)
