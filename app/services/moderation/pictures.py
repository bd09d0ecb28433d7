"""Somebody in a picture does not want it: it is withheld from everybody outside at once, and a moderator decides.
What its author says to that is in picture_answers.py."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, update

from app.extensions import db
from app.models.activity import Activity
from app.models.contribution import is_visible, wait_for_turn
from app.models.moderation import Decision, Verdict
from app.models.outcome import Photo, Withheld, is_reported
from app.models.person import Person
from app.models.photo_objection import (
    PhotoObjection,
    decision_that_withholds,
    has_objected_in_vain,
    has_objections,
    is_open_objection,
    was_released,
)
from app.services.activities.objections_ended import tell_who_objected, who_objected
from app.services.activities.wholes import activities_with_owners
from app.services.moderation import picture_notices as notices
from app.services.moderation.acts import (
    AlreadyDecidedError,
    settle_answer,
    write_into_log,
)


def objectionable(key: str) -> Photo | None:
    """The picture that somebody may object to, as it is now: one that others are shown. None for any other key."""
    shown = (is_reported(Activity.id), is_visible(Activity.id), Photo.is_shown)
    query = select(Photo).join(Activity, Activity.id == Photo.activity_id)
    afresh = query.where(Photo.key == key, *shown).execution_options(populate_existing=True)
    return db.session.scalar(afresh)


def object_to(photo: Photo, by: Person | None, words: str, now: datetime) -> None:
    """Withhold it from everybody outside, and ask the moderators to look. Saying it again while it waits changes one's
    words; `by` is None for whoever is not signed in, whose words are not changed by the next one. Nothing comes of it
    when the picture has been withheld from all or removed in the meantime.

    Once a moderator has released it, it stays while they look again, if nobody is signed in or the person has objected
    in vain: else anybody could take down any picture for ever.
    """
    wait_for_turn(photo.activity_id)
    if objectionable(photo.key) is None:
        return
    objection = db.session.scalar(_open_of(photo.id, by))
    if objection:
        objection.words = words if by else objection.words or words
        return
    (activity,) = activities_with_owners([photo.activity_id])
    _write(photo, by, words, now)
    if photo.withheld is None and _is_heeded_at_once(photo, by):
        photo.withheld = Withheld.PUBLIC.value
        notices.tell_authors_of_objection(photo, activity, now)
    db.session.flush()
    notices.tell_moderators(photo, activity, by=by, now=now)


def withhold(photo: Photo, activity: Activity, by: Person, text: str, now: datetime) -> Decision:
    """Nobody is shown it any more, except who moderates it; nothing is destroyed.

    Raises:
        AlreadyDecidedError: it is withheld from all or removed, or nobody has ever objected to it.
    """
    wait_for_picture(photo)
    if photo.withheld == Withheld.ALL or not has_objections(photo.id):
        raise AlreadyDecidedError
    photo.withheld = Withheld.ALL.value
    decision = decide_about(photo, activity, by, Verdict.WITHHOLD, text, now)
    _settle_objections(photo, decision)
    return decision


def release(photo: Photo, activity: Activity, by: Person, text: str, now: datetime) -> Decision:
    """It is shown again wherever it was; this settles an open answer of its author too.

    Raises:
        AlreadyDecidedError: nobody objects to it and it is not withheld, or it is removed.
    """
    wait_for_picture(photo)
    if photo.withheld is None and not is_objected_to(photo.id):
        raise AlreadyDecidedError
    withheld_by = decision_that_withholds(photo)
    photo.withheld = None
    decision = decide_about(photo, activity, by, Verdict.RELEASE, text, now)
    if withheld_by:
        settle_answer(withheld_by, decision)
    _settle_objections(photo, decision)
    return decision


def is_objected_to(photo_id: int) -> bool:
    """Whether an objection to it is open."""
    return (
        db.session.scalar(select(PhotoObjection.id).where(is_open_objection(photo_id)).limit(1)) is not None
    )


def _open_of(photo_id: int, by: Person | None) -> Select[PhotoObjection]:
    by_them = PhotoObjection.by_id == by.id if by else PhotoObjection.by_id.is_(None)
    return select(PhotoObjection).where(is_open_objection(photo_id), by_them)


def _write(photo: Photo, by: Person | None, words: str, now: datetime) -> None:
    db.session.add(
        PhotoObjection(
            photo_id=photo.id,
            contribution_id=photo.activity_id,
            sha256=photo.sha256,
            by_id=by.id if by else None,
            words=words,
            at=now,
        )
    )
    db.session.flush()


def _is_heeded_at_once(photo: Photo, by: Person | None) -> bool:
    if not was_released(photo.id):
        return True
    return by is not None and not has_objected_in_vain(photo.id, by.id)


def wait_for_picture(photo: Photo) -> None:
    """For the turn of what it belongs to; the picture is up to date after this.

    Raises:
        AlreadyDecidedError: its author has removed it in the meantime.
    """
    wait_for_turn(photo.activity_id)
    there = select(Photo).where(Photo.id == photo.id).execution_options(populate_existing=True)
    if db.session.scalar(there) is None:
        raise AlreadyDecidedError


def decide_about(
    photo: Photo, activity: Activity, by: Person, verdict: Verdict, text: str, now: datetime
) -> Decision:
    reason = "" if verdict is Verdict.RELEASE else "consent"
    decision = Decision(by_id=by.id, verdict=verdict.value, reason=reason, text=text, photo_id=photo.id)
    write_into_log(activity, decision, now)
    notices.tell_authors_of_decision(activity, decision, now)
    return decision


def _settle_objections(photo: Photo, decision: Decision) -> None:
    """Those that were decided about before, or had ended when the picture was removed, follow the new decision too, and
    whoever heard another result is told."""
    of_photo = PhotoObjection.photo_id == photo.id
    told = who_objected(of_photo, _has_another_result(decision))
    db.session.execute(
        update(PhotoObjection).where(of_photo).values(decision_id=decision.id, ended_at=None),
        execution_options={"synchronize_session": False},
    )
    db.session.flush()
    tell_who_objected(photo, told, decision.verdict, f"looked-at:{decision.id}", decision.at)


def _has_another_result(decision: Decision) -> ColumnElement[bool]:
    """Condition: that objection is open, or was decided the other way."""
    same = select(Decision.id).where(
        Decision.id == PhotoObjection.decision_id, Decision.verdict == decision.verdict
    )
    return ~same.exists()
