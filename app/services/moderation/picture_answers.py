"""What the author of a picture says to the decision that withholds it from all, once for each, and what comes of it: it
is released (pictures.py), or stays withheld."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.activity import Activity, is_made_by
from app.models.moderation import Appeal, Decision, Verdict
from app.models.outcome import Photo
from app.models.person import Person
from app.models.photo_objection import decision_that_withholds
from app.models.review import is_for_another
from app.services.moderation import picture_notices as notices
from app.services.moderation.acts import AlreadyDecidedError, OwnDecisionError, settle_answer
from app.services.moderation.appeals import answer_to, write_answer
from app.services.moderation.pictures import decide_about, wait_for_picture


def picture_to_answer_about(photo_id: int, viewer: Person) -> Photo | None:
    """One of something that the viewer has done."""
    own = (Photo.id == photo_id, is_made_by(viewer.id, Activity))
    return db.session.scalar(select(Photo).join(Activity, Activity.id == Photo.activity_id).where(*own))


def answer_back_about(photo: Photo, activity: Activity, by: Person, text: str, now: datetime) -> Appeal:
    """Say why it should be used, to the decision that withholds it from all. Until somebody has looked again, the text
    can be changed.

    Raises:
        AlreadyDecidedError: no decision withholds it, the answer is settled, or it is removed.
    """
    wait_for_picture(photo)
    withheld_by = decision_that_withholds(photo)
    if withheld_by is None:
        raise AlreadyDecidedError
    answer = write_answer(withheld_by, by, text, now)
    notices.tell_moderators_of_answer(photo, activity, withheld_by, now)
    return answer


def keep_withheld(photo: Photo, activity: Activity, by: Person, text: str, now: datetime) -> Decision:
    """It stays withheld from all after its author's answer was read.

    Raises:
        AlreadyDecidedError: there is no open answer, or it is removed.
        OwnDecisionError: `by` withheld it, and another moderator can look at the answer.
    """
    wait_for_picture(photo)
    withheld_by = decision_that_withholds(photo)
    answer = answer_to(withheld_by) if withheld_by else None
    if withheld_by is None or answer is None or not answer.is_open:
        raise AlreadyDecidedError
    if is_for_another(withheld_by, by):
        raise OwnDecisionError
    decision = decide_about(photo, activity, by, Verdict.KEEP_WITHHELD, text, now)
    settle_answer(withheld_by, decision)
    return decision
