"""Where an activity stands with the challenge that it takes on: what was promised, what is missing, what was said."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.challenge import Challenge
from app.models.completion import Need, needs
from app.models.contribution import Removal
from app.models.outcome import Outcome
from app.models.undertaking import ChallengeReview, Undertaking


class State(StrEnum):
    """OPEN until it is reported; then something is missing, or it waits for a coordinator, who completes it or sends it
    back. One that was not carried out has come to nothing, and is none of these."""

    OPEN = "open"
    MISSING = "missing"
    WAITING = "waiting"
    RETURNED = "returned"
    COMPLETED = "completed"
    IN_VAIN = "in_vain"


@dataclass(frozen=True)
class Standing:
    """`promise` is the undertaking, whose columns are the promise, with its challenge loaded; `missing` is in the order
    in which one sees to it."""

    promise: Undertaking
    missing: tuple[Need, ...]
    state: State

    @property
    def challenge(self) -> Challenge:
        return self.promise.challenge

    def lacks(self, need: str) -> bool:
        """For templates: whether that is missing, by the name of the need."""
        return need in self.missing


_STANDINGS = (
    select(Undertaking, Outcome.carried_out, *needs().values())
    .outerjoin(Outcome, Outcome.activity_id == Undertaking.activity_id)
    .where(Undertaking.activity_id.in_(bindparam("activity_ids", expanding=True)))
    .options(joinedload(Undertaking.challenge).joinedload(Challenge.removal).lazyload(Removal.decision))
)

_NEWEST = (
    select(func.max(ChallengeReview.id))
    .where(ChallengeReview.activity_id.in_(bindparam("activity_ids", expanding=True)))
    .group_by(ChallengeReview.activity_id)
)
_LAST_REVIEWS = (
    select(ChallengeReview)
    .where(ChallengeReview.id.in_(_NEWEST))
    .options(joinedload(ChallengeReview.by, innerjoin=True))
)


def standing_of(activity_id: int) -> Standing | None:
    """None when the activity takes on no challenge. One query."""
    return standings_of([activity_id]).get(activity_id)


def standings_of(activity_ids: Collection[int]) -> dict[int, Standing]:
    """By activity, of those that take on a challenge. One query, however many; of none, none."""
    if not activity_ids:
        return {}
    standings = {}
    for undertaking, carried_out, *met in db.session.execute(
        _STANDINGS, {"activity_ids": list(activity_ids)}
    ):
        missing = tuple(need for need, is_met in zip(Need, met, strict=True) if not is_met)
        state = _state(undertaking, carried_out, missing)
        standings[undertaking.activity_id] = Standing(undertaking, missing, state)
    return standings


def last_reviews(activity_ids: Collection[int]) -> dict[int, ChallengeReview]:
    """What a coordinator said last about what was sent in, and who it was; by activity. One query; of none, none."""
    if not activity_ids:
        return {}
    reviews = db.session.scalars(_LAST_REVIEWS, {"activity_ids": list(activity_ids)})
    return {review.activity_id: review for review in reviews}


def _state(undertaking: Undertaking, carried_out: bool | None, missing: tuple[Need, ...]) -> State:
    if carried_out is None:
        return State.OPEN
    if not carried_out:
        return State.IN_VAIN
    if not missing:
        return State.COMPLETED
    if undertaking.approved is False:
        return State.RETURNED
    return State.WAITING if missing == (Need.APPROVAL,) else State.MISSING
