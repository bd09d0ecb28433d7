"""When a challenge that was taken on is completed: what it needs, each a condition, and all of them together.

Each condition is about the row of `Undertaking` that the query reads; nothing in Python says the same again.
"""

from enum import StrEnum

from sqlalchemy import BindParameter, ColumnElement, Select, and_, exists, func, select

from app.models.activity import activities_of
from app.models.challenge import ChallengeKind
from app.models.contribution import is_visible, is_withdrawn, takes_part
from app.models.outcome import Outcome, Photo, is_carried_out
from app.models.undertaking import Undertaking

#: A number, or a parameter of a query that is made once.
Number = int | BindParameter[int]


class Need(StrEnum):
    """What a completion needs, in the order in which one sees to it."""

    VISIBLE = "visible"
    CARRIED_OUT = "carried_out"
    TICKS = "ticks"
    PHOTO = "photo"
    COMPANY = "company"
    APPROVAL = "approval"


def needs() -> dict[Need, ColumnElement[bool]]:
    """For each, the condition that nothing is missing in it; what was not promised is never missing."""
    ticked, of = func.json_array_length(Undertaking.ticked), func.json_array_length(Undertaking.done_when)
    photo = exists().where(Photo.activity_id == Undertaking.activity_id, Photo.refusal.is_(None))
    places = select(func.count()).where(takes_part.c.contribution_id == Undertaking.activity_id)
    return {
        Need.VISIBLE: is_visible(Undertaking.activity_id),
        Need.CARRIED_OUT: is_carried_out(Undertaking.activity_id),
        Need.TICKS: ticked == of,
        Need.PHOTO: ~Undertaking.needs_photo | photo.correlate(Undertaking),
        Need.COMPANY: (Undertaking.kind_of_challenge != ChallengeKind.JOINT.value)
        | (places.scalar_subquery() > 1),
        Need.APPROVAL: ~Undertaking.needs_approval | Undertaking.approved.is_(True),
    }


def is_completed() -> ColumnElement[bool]:
    """Condition: everything that was promised is there. A report that came after the last day counts too."""
    return and_(*needs().values())


def waits_for_review() -> ColumnElement[bool]:
    """Condition: everything is there but the word of a coordinator, and none has been given since it was sent in."""
    sent_in = and_(*(condition for need, condition in needs().items() if need is not Need.APPROVAL))
    return sent_in & Undertaking.needs_approval & Undertaking.approved.is_(None)


def promises_of(person_id: Number, challenge_id: Number) -> Select[int, int, bool, bool]:
    """The person's undertakings of that challenge, alone or as a partner, first made first: activity, points promised,
    whether it is completed, whether it is visible."""
    figures = select(
        Undertaking.activity_id, Undertaking.points, is_completed(), is_visible(Undertaking.activity_id)
    )
    theirs = figures.where(
        Undertaking.challenge_id == challenge_id, Undertaking.activity_id.in_(activities_of(person_id))
    )
    return theirs.order_by(Undertaking.activity_id)


def taken_on_by(person_id: Number, challenge_id: Number) -> Select[int]:
    """Id of the activity by which the person does that challenge or has done it, alone or as a partner. One that was
    withdrawn or came to nothing leaves room for another."""
    in_vain = exists().where(Outcome.activity_id == Undertaking.activity_id, ~Outcome.carried_out)
    return (
        select(Undertaking.activity_id)
        .where(
            Undertaking.challenge_id == challenge_id, Undertaking.activity_id.in_(activities_of(person_id))
        )
        .where(~is_withdrawn(Undertaking.activity_id), ~in_vain)
        .order_by(Undertaking.activity_id)
        .limit(1)
    )
