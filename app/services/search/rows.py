"""Tips and challenges that were found, with what their rows show."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.challenge import Challenge
from app.models.contribution import path_of
from app.models.person import Person
from app.models.tip import Tip

_NUMBERS: Final[Any] = bindparam("numbers", expanding=True)
_TIPS: Final = (
    select(Tip)
    .where(Tip.id.in_(_NUMBERS))
    .options(joinedload(Tip.owner, innerjoin=True).load_only(Person.name, Person.left_at))
)


class FoundChallenge(NamedTuple):
    """What the row of a challenge shows, and the texts by which it may have been found."""

    id: int
    value_id: int
    municipality_id: int | None
    title: str
    points: int
    why: str
    done_when: list[str]

    @property
    def path(self) -> str:
        return path_of(Challenge.kind, self.id)


#: In the order of `FoundChallenge`.
_CHALLENGES: Final = select(
    Challenge.id,
    Challenge.value_id,
    Challenge.municipality_id,
    Challenge.title,
    Challenge.points,
    Challenge.why,
    Challenge.done_when,
).where(Challenge.id.in_(_NUMBERS))


def tips_for_rows(numbers: Collection[int]) -> list[Tip]:
    return list(db.session.scalars(_TIPS, {"numbers": list(numbers)}))


def challenges_for_rows(numbers: Collection[int]) -> list[FoundChallenge]:
    rows = db.session.connection().execute(_CHALLENGES, {"numbers": list(numbers)})
    return [FoundChallenge._make(row) for row in rows]
