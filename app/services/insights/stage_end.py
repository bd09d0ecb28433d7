"""How a stage went, for everybody: what was done together, the best moments, one's own municipality and oneself.

Numbers are the frozen figures and the frozen board. What is shown of an activity is what may be shown by now: nothing
hidden or withdrawn, and a picture only where the people shown agreed at least to its use inside. A constant number of
queries, each bounded, whatever has happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import exists, func, select

from app.extensions import db
from app.models.activity import Activity, activities_of
from app.models.contribution import is_visible
from app.models.outcome import Outcome
from app.models.person import Person
from app.models.programme import Programme
from app.models.stage import Stage
from app.models.survey import Survey
from app.models.tip import Tip
from app.services.activities.lists import OwnActivity, own_in_stage
from app.services.insights.figures import Figures, StageFigures, stage_figures
from app.services.insights.moments import Moment, best_moments, best_moments_of
from app.services.points.standings import Row, standings

#: So many patches are drawn of what was done: one for each thing, or that many shares of them.
MOST_PATCHES: Final = 48
#: How many of one's own activities are listed.
_MOST_OWN: Final = 8


@dataclass(frozen=True)
class Mine:
    """What one has done oneself, alone or with others."""

    activities: list[OwnActivity]
    carried_out: int
    #: People reached, as reported.
    reached: int
    #: How often what one's reports taught has helped somebody.
    helped: int


@dataclass(frozen=True)
class StageEnd:
    figures: StageFigures
    #: Those of the stage before, if there is one with something in it.
    before: Figures | None
    board: list[Row]
    #: With fewer active people a municipality has no place on the board.
    smallest: int
    moments: list[Moment]
    #: Values, by number, in their order: the patches that are drawn.
    patches: list[int]
    #: One's own municipality.
    place: Row
    own: Figures
    own_moments: list[Moment]
    mine: Mine
    survey_is_closed: bool

    @property
    def total(self) -> Figures:
        return self.figures.total

    @property
    def crossings(self) -> int:
        """How many times a further municipality took part in what was carried out: in each of them it counts once."""
        places = self.figures.municipalities.values()
        return sum(place.carried_out for place in places) - self.total.carried_out

    @property
    def contributing(self) -> int:
        """How many municipalities carried something out."""
        return sum(1 for place in self.figures.municipalities.values() if place.carried_out)


def stage_end(stage: Stage, person: Person, today: date) -> StageEnd:
    """Of a stage that has ended, as that person sees it."""
    figures, board, programme = stage_figures(stage, today), standings(stage.id), Programme.current()
    return StageEnd(
        figures=figures,
        before=_before(stage, today),
        board=board,
        smallest=programme.smallest_ranked if programme else 1,
        moments=best_moments(stage),
        patches=patches(figures),
        place=next(row for row in board if row.municipality_id == person.municipality_id),
        own=figures.municipalities[person.municipality_id],
        own_moments=best_moments_of(person.municipality_id, stage),
        mine=_mine(person, stage),
        survey_is_closed=_survey_is_closed(stage),
    )


def patches(figures: StageFigures) -> list[int]:
    """What was carried out, as so many patches by value: one for each thing, or, where they are more than
    `MOST_PATCHES`, as many as its share comes to, by the largest remainders. One for two values is under both."""
    counts = {value_id: one.carried_out for value_id, one in figures.values.items() if one.carried_out}
    shared = _shared_out(counts, min(figures.total.carried_out, MOST_PATCHES))
    return [value_id for value_id, count in shared.items() for _ in range(count)]


def _shared_out(counts: Mapping[int, int], places: int) -> dict[int, int]:
    whole = sum(counts.values())
    shares = {key: divmod(count * places, whole) for key, count in counts.items()}
    left = places - sum(share for share, _rest in shares.values())
    first = sorted(shares, key=lambda key: (-shares[key][1], key))[:left]
    return {key: share + (key in first) for key, (share, _rest) in shares.items()}


def _before(stage: Stage, today: date) -> Figures | None:
    previous = stage.find_previous()
    total = stage_figures(previous, today).total if previous else None
    return total if total and total.planned else None


def _mine(person: Person, stage: Stage) -> Mine:
    own = (
        Activity.id.in_(activities_of(person.id)),
        Activity.stage_id == stage.id,
        is_visible(Activity.id),
    )
    done = (
        select(func.count(), func.coalesce(func.sum(Outcome.reached), 0))
        .select_from(Activity)
        .join(Outcome, Outcome.activity_id == Activity.id)
        .where(*own, Outcome.carried_out)
    )
    helped = (
        select(func.coalesce(func.sum(Tip.helped_count), 0))
        .join(Activity, Activity.id == Tip.activity_id)
        .where(*own, Tip.owner_id == person.id, is_visible(Tip.id))
    )
    carried_out, reached = db.session.execute(done).one()
    return Mine(
        own_in_stage(person, stage.id, _MOST_OWN), carried_out, reached, db.session.scalar(helped) or 0
    )


def _survey_is_closed(stage: Stage) -> bool:
    closed = exists().where(Survey.stage_id == stage.id, Survey.closed_at.is_not(None))
    return bool(db.session.scalar(select(closed)))
