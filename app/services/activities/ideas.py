"""Ideas that are worth borrowing, for the moment when a plan is made (PRODUCT: "whose idea do you borrow?")."""

from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.activity import Activity, CoOwner
from app.models.best_practice import GOOD, BestPractice
from app.models.contribution import is_visible
from app.models.outcome import Outcome, is_carried_out
from app.models.person import Person

#: So many of the latest are looked through, however many there are.
_LOOKED_THROUGH: Final = 100


class Idea(NamedTuple):
    """Something that was carried out. Its rating and how many it reached are as reported."""

    id: int
    title: str
    owner_id: int
    owner_name: str
    municipality_id: int
    rating: int | None
    reached: int
    is_best_practice: bool


_is_partner = (CoOwner.person_id == bindparam("person_id")) & CoOwner.is_partner
#: The latest that others have carried out.
_LATEST: Final = (
    select(
        Activity.id,
        Activity.title,
        Person.id.label("owner_id"),
        Person.name,
        Activity.municipality_id,
        Outcome.rating,
        Outcome.reached,
        BestPractice.contribution_id.is_not(None),
    )
    .join(Outcome, Outcome.activity_id == Activity.id)
    .join(Person, Person.id == Activity.owner_id)
    .outerjoin(BestPractice, BestPractice.contribution_id == Activity.id)
    .where(Activity.focus_area_id == bindparam("focus_area_id"), Activity.value_id == bindparam("value_id"))
    .where(is_carried_out(Activity.id), is_visible(Activity.id))
    .where(Activity.owner_id != bindparam("person_id"))
    .where(Activity.id.not_in(select(CoOwner.activity_id).where(_is_partner)))
    .order_by(Activity.id.desc())
    .limit(_LOOKED_THROUGH)
)


def proven_ideas(person: Person, focus_area_id: int, value_id: int, limit: int = 3) -> list[Idea]:
    """What others have carried out in that focus area with that value as the main one, the best to borrow first: models
    for all, then those with a good rating, then those from other municipalities, then the latest."""
    parameters = {"person_id": person.id, "focus_area_id": focus_area_id, "value_id": value_id}
    ideas = [Idea(*row) for row in db.session.connection().execute(_LATEST, parameters)]
    return sorted(ideas, key=lambda idea: _rank(idea, person))[:limit]


def _rank(idea: Idea, person: Person) -> tuple[bool, ...]:
    """False before true; equal ones stay in their order."""
    is_good = (idea.rating or 0) >= GOOD
    return (not idea.is_best_practice, not is_good, idea.municipality_id == person.municipality_id)
