"""Sends the leads' own messages as the playbook's steps are sent: the worker looks every minute.

Nobody is told twice of one, so it may be killed, run late, or run by two workers at once; whatever fails is taken again
a minute later, and stops no other. What is more than a day late makes no sense any more: it is left out, and logged.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog
from flask_babel import lazy_gettext
from sqlalchemy import select, update

from app.extensions import db
from app.models.notification import Kind
from app.models.own_message import OwnMessage
from app.models.stage import Stage, stages
from app.services.notifications.playbook import Reach, Step
from app.services.programme.clock import local_today
from app.services.stages.audiences import conditions_of, roles_of
from app.services.stages.looking import Looking
from app.services.stages.own_messages import choice_of
from app.services.stages.run_playbook import go_through, leave_out
from app.services.stages.step_parameters import common_parameters

#: For so long a message is one of its slot, whose pushes go at once: a worker takes a while to come to it.
_IN_TIME: Final = timedelta(minutes=15)
_TOO_LATE: Final = timedelta(days=1)

log = structlog.get_logger()
_l = lazy_gettext


def send_messages(now: datetime, *, commit: Callable[[], None]) -> None:
    """Tell those whom each message concerns that is due. `commit` ends each portion: who has been told stays told."""
    due = select(OwnMessage.id).where(OwnMessage.is_to_go_out, OwnMessage.due_at <= now)
    for number in db.session.scalars(due.order_by(OwnMessage.due_at, OwnMessage.id)).all():
        try:
            _take(number, now, commit)
        except Exception:
            log.exception("a message of a lead failed; it is taken again", message=number)
            db.session.rollback()


def step_of(message: OwnMessage) -> Step:
    """The message as a step that stands in no table: it is sent, counted and shown as the others are."""
    return Step(
        message.step,
        None,
        roles_of(choice_of(message)),
        Reach.ALL,
        Kind.MESSAGE,
        _l("A message from the programme office"),
        _l("A message from the programme office"),
        message.url.replace("{", "{{").replace("}", "}}"),
    )


def own_words_of(message: OwnMessage) -> dict[str, Any]:
    """What a lead has written, as parameters of a notification."""
    return {"own_title": message.title, "own_body": message.body}


def _take(number: int, now: datetime, commit: Callable[[], None]) -> None:
    if not _begin(number, now):
        return
    commit()
    message = db.session.get_one(OwnMessage, number, populate_existing=True)
    stage = Stage.by_id(message.stage_id)
    looking = _looking(message, stage, now)
    if now - message.due_at > _TOO_LATE:
        log.info("a message of a lead came too late and is left out", message=number)
        message.shown_until = None
        work = partial(leave_out, looking)
    else:
        common = common_parameters(looking.step, stage, stages(), looking.today)
        work = partial(go_through, looking, common | own_words_of(message))
    work(commit)
    _finish(number, now)
    commit()


def _looking(message: OwnMessage, stage: Stage, now: datetime) -> Looking:
    """Whoever is told in time is told at the slot itself."""
    moment = message.due_at if now - message.due_at <= _IN_TIME else now
    today = local_today(moment)
    among = conditions_of(choice_of(message), stage, today)
    return Looking(step_of(message), stage, today, moment, None, among)


def _begin(number: int, now: datetime) -> bool:
    """From here on it can be neither changed nor taken back. False when a lead was first. What another worker has
    begun, or one that died, goes on."""
    still_due = (OwnMessage.id == number, OwnMessage.is_to_go_out, OwnMessage.due_at <= now)
    begun = update(OwnMessage).where(*still_due, OwnMessage.begun_at.is_(None)).values(begun_at=now)
    db.session.execute(begun, execution_options={"synchronize_session": False})
    return bool(db.session.scalar(select(OwnMessage.id).where(*still_due, OwnMessage.begun_at.is_not(None))))


def _finish(number: int, now: datetime) -> None:
    finished = update(OwnMessage).where(OwnMessage.id == number).values(finished_at=now)
    db.session.execute(finished, execution_options={"synchronize_session": False})
