"""A challenge as the form for its plan begins with it: a row, since the form only shows it. What is planned for it
loads the challenge itself (undertake.py)."""

from datetime import date, datetime
from typing import ClassVar, Final, NamedTuple

from app.extensions import db
from app.models.challenge import Challenge
from app.models.challenge_words import ChallengeWords
from app.models.person import Person
from app.services.challenges.undertake import TAKEN_ON, TO_PLAN


class _Offer(NamedTuple):
    id: int
    title: str
    value_id: int
    focus_area_id: int
    kind_of_challenge: str
    done_when: list[str]
    points: int
    needs_photo: bool
    needs_approval: bool
    opens_on: date
    closes_on: date
    opened_at: datetime | None
    closed_at: datetime | None
    #: Id of the activity by which its reader does it or has done it; None while there is none.
    taken_on_by_id: int | None


class ChallengeOffer(ChallengeWords, _Offer):
    __slots__ = ()

    #: What is hidden is not offered.
    removal: ClassVar[None] = None


#: The columns are in the order of `ChallengeOffer`.
_OFFERED: Final = TO_PLAN.with_only_columns(
    Challenge.id,
    Challenge.title,
    Challenge.value_id,
    Challenge.focus_area_id,
    Challenge.kind_of_challenge,
    Challenge.done_when,
    Challenge.points,
    Challenge.needs_photo,
    Challenge.needs_approval,
    Challenge.opens_on,
    Challenge.closes_on,
    Challenge.opened_at,
    Challenge.closed_at,
    TAKEN_ON.scalar_subquery(),
)


def challenge_offered(challenge_id: int, person: Person) -> ChallengeOffer | None:
    """As `challenge_to_plan`, with how the person has taken it on already."""
    asked = {
        "challenge_id": challenge_id,
        "municipality_id": person.municipality_id,
        "person_id": person.id,
    }
    row = db.session.connection().execute(_OFFERED, asked).one_or_none()
    return ChallengeOffer._make(row) if row else None
