"""A coordinator says hello to the quiet of their municipality: once a week, in their own name, and without seeing whom
it reaches (PRODUCT: Nobody is watched)."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.own_message import Audience, Greeting, OwnMessage
from app.models.person import Person
from app.models.programme import LocalText
from app.models.stage import Stage
from app.services.programme.clock import local_today, programme_zone
from app.services.stages.message_slots import next_slots
from app.services.stages.own_messages import Content, take_back, write_message

#: Where it leads: to the form where the first plan is made.
_LEADS_TO: Final = "/activities/new"


class GreetedError(ValueError):
    """Somebody has said hello in this municipality this week."""


def greet(
    stage: Stage, title: LocalText, text: str, *, by: Person, request_key: str, now: datetime
) -> OwnMessage:
    """Write it; it goes out at the next slot, and may be taken back until then. The quiet are found as it goes out.

    Raises:
        GreetedError: it is said once a week, whoever of its coordinators was first.
        TakenBackError: the same form has been sent, and taken back.
    """
    content = Content(
        audience=Audience.QUIET,
        roles=[],
        municipality_ids=[by.municipality_id],
        title=title,
        body={"sv": text},
        url=_LEADS_TO,
        due_at=next_slots(now, programme_zone(), 1)[0],
    )
    message = write_message(stage, content, by=by, request_key=request_key, now=now)
    key = {"municipality_id": by.municipality_id, "week": week_of(now)}
    if (said := greeting_of(by.municipality_id, now)) is not None:
        if said.message_id == message.id:
            return message
        raise GreetedError
    try:
        with db.session.begin_nested():
            db.session.execute(insert(Greeting).values(message_id=message.id, **key))
    except IntegrityError as error:
        raise GreetedError from error
    return message


def greeting_of(municipality_id: int, now: datetime) -> Greeting | None:
    """This week's in that municipality, with its message and who wrote it."""
    this_week = (Greeting.municipality_id == municipality_id, Greeting.week == week_of(now))
    whole = joinedload(Greeting.message).joinedload(OwnMessage.by)
    return db.session.scalar(select(Greeting).where(*this_week).options(whole))


def regret(greeting: Greeting, by: Person, now: datetime) -> None:
    """Take it back, so that another may be written.

    Raises:
        GoneOutError: when it has begun to go out.
    """
    take_back(greeting.message, by=by, now=now)
    db.session.delete(greeting)


def week_of(now: datetime) -> date:
    """The Monday of the week, on the programme's clock."""
    today = local_today(now)
    return today - timedelta(days=today.weekday())
