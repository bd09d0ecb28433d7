"""A challenge that has been opened to somebody, as a plan for it begins: for the form a row, since that only shows it;
for the plan (undertake.py) the challenge itself."""

from datetime import date, datetime
from typing import ClassVar, Final, NamedTuple

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.challenge import Challenge, is_challenge_for
from app.models.challenge_words import ChallengeWords
from app.models.completion import taken_on_by
from app.models.contribution import is_hidden
from app.models.person import Person
from app.services.challenges.visibility import with_its_removal


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


_OPENED_TO: Final = (
    select(Challenge, is_hidden(Challenge.id))
    .where(Challenge.id == bindparam("challenge_id"), is_challenge_for(bindparam("municipality_id")))
    .where(Challenge.opened_at.is_not(None))
    .execution_options(populate_existing=True)
)
_TO_PLAN: Final = _OPENED_TO.where(~is_hidden(Challenge.id))
#: The columns are in the order of `ChallengeOffer`.
_OFFERED: Final = _TO_PLAN.with_only_columns(
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
    taken_on_by(bindparam("person_id"), bindparam("challenge_id")).scalar_subquery(),
)


def challenge_to_plan(challenge_id: int, person: Person, *, hidden_too: bool = False) -> Challenge | None:
    """The challenge with all that its plan begins with, if it has been opened to that person. It may be closed again,
    or `hidden_too`: what was written for it can still be planned."""
    parameters = {"challenge_id": challenge_id, "municipality_id": person.municipality_id}
    row = db.session.execute(_OPENED_TO if hidden_too else _TO_PLAN, parameters).one_or_none()
    return with_its_removal(*row) if row else None


def challenge_offered(challenge_id: int, person: Person) -> ChallengeOffer | None:
    """The same for the form, with how the person has taken it on already; nothing that is hidden."""
    asked = {
        "challenge_id": challenge_id,
        "municipality_id": person.municipality_id,
        "person_id": person.id,
    }
    row = db.session.connection().execute(_OFFERED, asked).one_or_none()
    return ChallengeOffer._make(row) if row else None
