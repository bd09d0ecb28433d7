"""A completion that a coordinator has sent back with a question: it goes there again changed, or with an answer."""

from collections.abc import Collection

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.outcome import Photo
from app.models.undertaking import ChallengeReview, Undertaking


class UnansweredError(ValueError):
    """It was sent back, and is sent in again as it was, without a word."""


_LAST_REVIEW = (
    select(ChallengeReview)
    .where(ChallengeReview.activity_id == bindparam("activity_id"))
    .order_by(ChallengeReview.id.desc())
    .limit(1)
    .options(joinedload(ChallengeReview.by, innerjoin=True))
)


def question_about(activity_id: int) -> ChallengeReview | None:
    """What the coordinator who has looked last asks, and who that is; None when nothing was sent back, or it has been
    approved since."""
    review = db.session.scalar(_LAST_REVIEW, {"activity_id": activity_id})
    return review if review and not review.approved else None


def answer_question(activity_id: int, changed: Collection[str], answer: str) -> None:
    """Note what a report that is sent in again changes, by the names of its answers, and what is said to the
    coordinator. The caller has locked the activity.

    Raises:
        UnansweredError: when it has been sent back, and this is neither a change nor a word.
    """
    question = question_about(activity_id)
    if question is None:
        return
    is_answer = bool(changed or answer) or _has_newer_picture(question)
    if _is_returned(activity_id) and not is_answer:
        raise UnansweredError
    question.changed = sorted({*question.changed, *changed})
    question.answer = answer


def _is_returned(activity_id: int) -> bool:
    """It has not been sent in again since."""
    its_own = Undertaking.activity_id == activity_id
    return bool(db.session.scalar(select(exists().where(its_own, Undertaking.approved.is_(False)))))


def _has_newer_picture(question: ChallengeReview) -> bool:
    newer = (Photo.activity_id == question.activity_id, Photo.at > question.at, Photo.refusal.is_(None))
    return bool(db.session.scalar(select(exists().where(*newer))))
