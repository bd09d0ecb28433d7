"""A proven activity near somebody, which they may make their own: for the feed's head, and for the playbook."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select, union

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.best_practice import GOOD, BestPractice, is_proven
from app.models.contribution import is_visible
from app.models.outcome import Outcome
from app.models.person import Person

#: So many of the latest are looked through, however many there are.
_LOOKED_THROUGH: Final = 200


class Proven(NamedTuple):
    """Something that was carried out and worked well. `author` is its owner's name."""

    id: int
    title: str
    value_id: int
    focus_area_id: int
    municipality_id: int
    owner_id: int
    author: str


@dataclass(frozen=True, eq=False)
class ProvenActivities:
    """The latest first. `made_by` are their numbers with those of the people who made them, as owner or partner."""

    latest: tuple[Proven, ...]
    made_by: frozenset[tuple[int, int]]

    def nearest_to(
        self, person_id: int, municipality_id: int, planned_areas: frozenset[int] = frozenset()
    ) -> Proven | None:
        """One that others made: in a focus area where the person has planned before, then in their own municipality,
        then the latest."""

        def distance(one: Proven) -> tuple[bool, bool]:
            return one.focus_area_id not in planned_areas, one.municipality_id != municipality_id

        by_others = (one for one in self.latest if (one.id, person_id) not in self.made_by)
        return min(by_others, key=distance, default=None)


#: Each is read from the end of an index: of what has been reported, much is rated well.
_RATED_WELL: Final = (
    select(Outcome.activity_id)
    .where(Outcome.rating >= GOOD)
    .order_by(Outcome.activity_id.desc())
    .limit(_LOOKED_THROUGH)
    .subquery()
)
_LIFTED: Final = (
    select(BestPractice.contribution_id).order_by(BestPractice.at.desc()).limit(_LOOKED_THROUGH).subquery()
)
_CANDIDATES: Final = union(select(_RATED_WELL.c.activity_id), select(_LIFTED.c.contribution_id))
#: In the order of `Proven`.
_LATEST: Final = (
    select(
        Activity.id,
        Activity.title,
        Activity.value_id,
        Activity.focus_area_id,
        Activity.municipality_id,
        Activity.owner_id,
        Person.name,
    )
    .outerjoin(Person, Person.id == Activity.owner_id)
    .where(Activity.id.in_(_CANDIDATES), is_proven(Activity.id), is_visible(Activity.id))
    .order_by(Activity.id.desc())
    .limit(_LOOKED_THROUGH)
)
_PARTNERS: Final = select(CoOwner.activity_id, CoOwner.person_id).where(
    CoOwner.activity_id.in_(bindparam("numbers", expanding=True)), CoOwner.is_partner
)


def proven_activities() -> ProvenActivities:
    """Two queries, however many there are."""
    connection = db.session.connection()
    latest = tuple(Proven._make(row) for row in connection.execute(_LATEST))
    partners = connection.execute(_PARTNERS, {"numbers": [one.id for one in latest]})
    makers = [*((one.id, one.owner_id) for one in latest), *((row[0], row[1]) for row in partners)]
    return ProvenActivities(latest, frozenset(makers))
