"""A lead's own messages: written, changed and taken back until they go out, and what came of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.own_message import Audience, OwnMessage
from app.models.paging import LAST_NUMBER, PAGE_SIZE, Page, page
from app.models.person import Person, Role
from app.models.playbook import PlaybookRun
from app.models.programme import LocalText
from app.models.retry import TakenBackError, made_once
from app.models.stage import Stage
from app.services.activities.locking import OvertakenError
from app.services.stages.audiences import Choice
from app.services.stages.playbook_calendar import FEWEST

#: So many of those that wait stand in the calendar; nobody has more.
_MOST_WAITING: Final = 50


class GoneOutError(ValueError):
    """It has begun to go out, or has been taken back: nothing about it changes any more."""


@dataclass(frozen=True)
class Content:
    """What the form asks for; each name is a column of the message."""

    audience: str
    roles: list[str]
    municipality_ids: list[int]
    title: LocalText
    body: LocalText
    url: str
    due_at: datetime
    shown_until: date | None = None


@dataclass(frozen=True)
class Sums:
    """What came of a message, in all; `acted` is None until that has been counted."""

    told: int = 0
    opened: int = 0
    acted: int | None = None
    switched_off: int = 0
    is_skipped: bool = False

    @property
    def may_be_shown(self) -> bool:
        return self.told >= FEWEST


def write_message(
    stage: Stage, content: Content, *, by: Person, request_key: str, now: datetime
) -> OwnMessage:
    """The worker sends it. The same key from the same person is a retry: it returns what was made the first time.

    Raises:
        TakenBackError: when that has been taken back since.
    """
    about: dict[str, Any] = {"stage_id": stage.id, "by_id": by.id, "request_key": request_key}
    message, _is_new = made_once(
        lambda: _message_with_key(by, request_key),
        lambda: _added(OwnMessage(**about, **asdict(content), made_at=now, changed_at=now)),
    )
    if message.taken_back_at:
        raise TakenBackError
    return message


def change_message(
    message: OwnMessage, content: Content, *, now: datetime, based_on: datetime | None
) -> None:
    """Replace what it says, whom it goes to and when. `based_on` is the `changed_at` that the writer saw.

    Raises:
        GoneOutError: when it is too late.
        OvertakenError: when somebody else has changed it since then.
    """
    _wait_for_turn(message)
    if content == content_of(message):
        return  # a retry, or nothing was changed
    if message.changed_at != based_on:
        raise OvertakenError
    for column, part in asdict(content).items():
        setattr(message, column, part)
    message.changed_at = now


def take_back(message: OwnMessage, *, by: Person, now: datetime) -> None:
    """It does not go out; a second time changes nothing.

    Raises:
        GoneOutError: when it is too late.
    """
    db.session.refresh(message)
    if message.taken_back_at:
        return
    _wait_for_turn(message)
    message.taken_back_at, message.taken_back_by_id = now, by.id


def message_of(stage: Stage, number: int) -> OwnMessage | None:
    """The message of that stage with that number, and who wrote it."""
    return db.session.scalar(_with_writers(stage).where(OwnMessage.id == number))


def waiting(stage: Stage) -> list[OwnMessage]:
    """Those that are to go out, the next one first."""
    to_come = _with_writers(stage).where(OwnMessage.is_to_go_out)
    return list(db.session.scalars(to_come.order_by(OwnMessage.due_at, OwnMessage.id).limit(_MOST_WAITING)))


def gone(stage: Stage, before: int | None = None, size: int = PAGE_SIZE) -> Page[OwnMessage]:
    """Those that have gone out, been left out or taken back, the latest written first."""
    older = _with_writers(stage).where(OwnMessage.id < (before or LAST_NUMBER), ~OwnMessage.is_to_go_out)
    return page(older.order_by(OwnMessage.id.desc()), size)


def sums_of(messages: Sequence[OwnMessage]) -> dict[int, Sums]:
    """By number of the message. One query."""
    run, numbers = PlaybookRun, {message.step: message.id for message in messages}
    query = select(
        run.step, func.sum(run.told), func.sum(run.opened), func.sum(run.acted), func.sum(run.switched_off),
        func.count().filter(run.is_skipped),
    )  # fmt: skip
    of_these = run.stage_id.in_({message.stage_id for message in messages}) & run.step.in_(numbers)
    rows = db.session.execute(query.where(of_these).group_by(run.step))
    found = {
        numbers[step]: Sums(told, opened, acted, switched_off, bool(skipped))
        for step, told, opened, acted, switched_off, skipped in rows
    }
    return {message.id: found.get(message.id, Sums()) for message in messages}


def choice_of(message: OwnMessage | Content) -> Choice:
    roles = frozenset(Role(role) for role in message.roles)
    return Choice(Audience(message.audience), roles, frozenset(message.municipality_ids))


def content_of(message: OwnMessage) -> Content:
    return Content(**{column: getattr(message, column) for column in Content.__dataclass_fields__})


def _with_writers(stage: Stage) -> Select[OwnMessage]:
    return select(OwnMessage).where(OwnMessage.stage_id == stage.id).options(joinedload(OwnMessage.by))


def _message_with_key(by: Person, request_key: str) -> OwnMessage | None:
    mine = select(OwnMessage).where(OwnMessage.by_id == by.id, OwnMessage.request_key == request_key)
    return db.session.scalar(mine)


def _added(message: OwnMessage) -> OwnMessage:
    db.session.add(message)
    db.session.flush()
    return message


def _wait_for_turn(message: OwnMessage) -> None:
    """Until the transaction ends nobody else changes it, and the worker does not begin.

    Raises:
        GoneOutError: when the worker was first, or somebody has taken it back.
    """
    unchanged = update(OwnMessage).where(OwnMessage.id == message.id, OwnMessage.may_be_changed)
    turn = unchanged.values(url=OwnMessage.url).returning(OwnMessage.id)
    if not db.session.scalars(turn, execution_options={"synchronize_session": False}).all():
        raise GoneOutError
    db.session.refresh(message)
