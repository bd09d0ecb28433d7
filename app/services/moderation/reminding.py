"""Reminds moderators of what has waited too long: a day for pictures, for what was flagged, sent again or is to be
published; three working days for an author's answer, which somebody else than whoever decided must read."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import exists, select

from app.extensions import db
from app.models.contribution import Contribution, Removal, is_withdrawn
from app.models.moderation import Appeal, Decision, Flag
from app.models.outcome import Photo
from app.models.photo_objection import PhotoObjection, photo_decided_about
from app.services.activities.wholes import activities_with_owners
from app.services.moderation import notices
from app.services.moderation.moderated_kinds import load_for_log
from app.services.moderation.picture_notices import remind_moderators, remind_moderators_of_answer
from app.services.programme.clock import programme_zone

_A_DAY: Final = timedelta(days=1)
_WORKING_DAYS: Final = 3
_SATURDAY: Final = 5
#: What has waited for longer has been told of already, or was when there was no worker: it stands in the queue.
_LOOKED_AT: Final = timedelta(days=7)

log = structlog.get_logger()


class _Waiting(NamedTuple):
    contribution_id: int
    kind: str
    event: str


def remind_of_waiting(now: datetime, *, commit: Callable[[], None]) -> None:
    """Once for each thing and round of decisions; one that fails keeps no other from being told of."""
    for waiting in list(_waiting(now)):
        try:
            (thing,) = load_for_log({waiting.contribution_id: waiting.kind}).values()
            notices.remind_moderators(thing, waiting.event, now=now)
            commit()
        except Exception:
            log.exception("a reminder to moderators failed", contribution=waiting.contribution_id)
            db.session.rollback()
    for photo_id, answered_id in [*_waiting_pictures(now), *_answered_pictures(now)]:
        try:
            _remind_of_picture(photo_id, answered_id, now)
            commit()
        except Exception:
            log.exception("a reminder of a picture failed", photo=photo_id)
            db.session.rollback()


def _remind_of_picture(photo_id: int | None, answered_id: int | None, now: datetime) -> None:
    """That somebody objects to it, or that its author has answered to that decision."""
    photo = db.session.get_one(Photo, photo_id)
    (activity,) = activities_with_owners([photo.activity_id])
    if answered_id is None:
        remind_moderators(photo, activity, now)
    else:
        remind_moderators_of_answer(photo, activity, db.session.get_one(Decision, answered_id), now)


def _waiting_pictures(now: datetime) -> Iterator[tuple[int | None, None]]:
    waited = (PhotoObjection.is_open, PhotoObjection.at.between(now - _LOOKED_AT, now - _A_DAY))
    there = (*waited, ~is_withdrawn(PhotoObjection.contribution_id))
    numbers = select(PhotoObjection.photo_id).where(*there).distinct()
    for photo_id in db.session.scalars(numbers.order_by(PhotoObjection.photo_id)).all():
        yield photo_id, None


def _answered_pictures(now: datetime) -> Iterator[tuple[int, int]]:
    """With the decision that is answered. Nobody has to look again at what its author has removed."""
    photo_id = photo_decided_about()
    waited = (*_answers_since(now), Appeal.at <= working_days_before(now, _WORKING_DAYS))
    there = (*waited, Decision.is_about_picture, photo_id.is_not(None), ~is_withdrawn(Appeal.contribution_id))
    query = select(photo_id, Decision.id).join(Appeal, Appeal.decision_id == Decision.id).where(*there)
    yield from db.session.execute(query.order_by(Decision.id)).all()


def _answers_since(now: datetime) -> tuple[Any, ...]:
    return Appeal.is_open, Appeal.at >= now - _LOOKED_AT


def working_days_before(now: datetime, count: int) -> datetime:
    """The same time of day so many working days earlier, on the programme's clock."""
    moment = now.astimezone(programme_zone())
    while count:
        moment -= _A_DAY
        count -= moment.weekday() < _SATURDAY
    return moment


def _waiting(now: datetime) -> Iterator[_Waiting]:
    long_ago = now - _LOOKED_AT
    flagged = (Flag.is_open, Flag.at.between(long_ago, now - _A_DAY))
    yield from _of(Flag.contribution_id, flagged, "waits")
    unpublished = (Removal.waits, Removal.at.between(long_ago, now - _A_DAY))
    yield from _of(Removal.contribution_id, unpublished, "waits_unpublished")
    about_picture = exists().where(Decision.id == Appeal.decision_id, Decision.is_about_picture)
    answered = (*_answers_since(now), ~about_picture)
    again = (*answered, Appeal.is_changed, Appeal.at <= now - _A_DAY)
    yield from _of(Appeal.contribution_id, again, "waits")
    appealed = (*answered, ~Appeal.is_changed, Appeal.at <= working_days_before(now, _WORKING_DAYS))
    yield from _of(Appeal.contribution_id, appealed, "appeal_waits")


def _of(number: Any, conditions: tuple[Any, ...], event: str) -> Iterator[_Waiting]:
    query = select(number, Contribution.kind).join(Contribution, Contribution.id == number).where(*conditions)
    for contribution_id, kind in db.session.execute(query.distinct().order_by(number)).all():
        yield _Waiting(contribution_id, kind, event)
