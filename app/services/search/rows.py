"""Tips and challenges that were found, with what their rows show."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.challenge import Challenge
from app.models.person import Person
from app.models.tip import Tip

_NUMBERS: Final[Any] = bindparam("numbers", expanding=True)
_TIPS: Final = (
    select(Tip)
    .where(Tip.id.in_(_NUMBERS))
    .options(joinedload(Tip.owner, innerjoin=True).load_only(Person.name, Person.left_at))
)
_CHALLENGES: Final = select(Challenge).where(Challenge.id.in_(_NUMBERS))


def tips_for_rows(numbers: Collection[int]) -> list[Tip]:
    return list(db.session.scalars(_TIPS, {"numbers": list(numbers)}))


def challenges_for_rows(numbers: Collection[int]) -> list[Challenge]:
    return list(db.session.scalars(_CHALLENGES, {"numbers": list(numbers)}))
