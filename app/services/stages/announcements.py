"""Announcements: leads' own messages that also stand on top of the feed, until their day is over."""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import select, update

from app.extensions import db
from app.models.notification import Kind
from app.models.own_message import Audience, OwnMessage
from app.models.stage import stages
from app.services.notifications.kinds import words_of
from app.services.notifications.playbook import Step
from app.services.notifications.wording import Words
from app.services.stages.send_messages import own_words_of, step_of
from app.services.stages.step_parameters import common_parameters

#: In a feed at the same time; the newest take the others' place.
MOST_SHOWN: Final = 2
#: Of all municipalities together, the newest.
_MOST_READ: Final = 100


class Announcement(NamedTuple):
    words: Words
    #: The path of ours that it leads to.
    url: str
    last_day: date
    #: None: for everybody.
    municipality_ids: frozenset[int] | None


def announcements(today: date, language: str) -> tuple[Announcement, ...]:
    """All that stand somewhere, the newest first; what their words speak of is as it is that day."""
    shown = select(OwnMessage).where(OwnMessage.begun_at.is_not(None), OwnMessage.shown_until >= today)
    newest_first = shown.order_by(OwnMessage.due_at.desc(), OwnMessage.id.desc()).limit(_MOST_READ)
    messages = db.session.scalars(newest_first).all()
    spoken_of = _spoken_of({message.stage_id: step_of(message) for message in messages}, today)
    return tuple(_announcement(message, spoken_of[message.stage_id], language) for message in messages)


def shown_in(municipality_id: int, of_all: tuple[Announcement, ...]) -> tuple[Announcement, ...]:
    """Those in the feed of whoever belongs there."""
    here = [one for one in of_all if one.municipality_ids is None or municipality_id in one.municipality_ids]
    return tuple(here[:MOST_SHOWN])


def take_down(message: OwnMessage) -> None:
    """From the feed, before its day; in the inboxes it stays. A second time changes nothing."""
    ended = update(OwnMessage).where(OwnMessage.id == message.id, OwnMessage.begun_at.is_not(None))
    db.session.execute(ended.values(shown_until=None))


def _spoken_of(steps: dict[int, Step], today: date) -> dict[int, dict[str, Any]]:
    """By stage, what messages of it may speak of: read once for all of them."""
    all_stages = stages() if steps else []
    return {
        stage.id: common_parameters(steps[stage.id], stage, all_stages, today)
        for stage in all_stages
        if stage.id in steps
    }


def _announcement(message: OwnMessage, spoken_of: dict[str, Any], language: str) -> Announcement:
    assert message.shown_until  # noqa: S101 - it was asked for
    is_for_all = message.audience == Audience.EVERYBODY
    return Announcement(
        words_of(Kind.MESSAGE.value, spoken_of | own_words_of(message), language),
        message.url,
        message.shown_until,
        None if is_for_all else frozenset(message.municipality_ids),
    )
