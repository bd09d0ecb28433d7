"""Two messages that Petra of the programme office has written: one that went out, and one that waits."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models.notification import Notification
from app.models.own_message import Audience
from app.models.person import USUAL_SLOTS, Person
from app.models.stage import Stage
from app.services.notifications.inbox import mark_seen
from app.services.stages.message_slots import is_weekday, slot_at
from app.services.stages.own_messages import Content, write_message
from app.services.stages.send_messages import send_messages, step_of

_DAY: Final = timedelta(days=1)
#: So many days ago the first went out: what came of it has been counted since.
_DAYS_AGO: Final = 6
_DAYS_AHEAD: Final = 2


def write_messages(people: list[Person], stage: Stage, now: datetime, timezone: str) -> None:
    zone, today = ZoneInfo(timezone), clock.local_date(now, timezone)
    lead = next(person for person in people if person.is_office)
    first, second = USUAL_SLOTS
    went_out = slot_at(_weekday(today - _DAYS_AGO * _DAY, -_DAY), second, zone)
    about, written = _about_company(went_out, today + _DAYS_AHEAD * _DAY), went_out - _DAY
    sent = write_message(stage, about, by=lead, request_key="demo-company", now=written)
    send_messages(went_out, commit=db.session.flush)
    _let_some_open_it(step_of(sent).key(stage), went_out)
    waits = slot_at(_weekday(today + _DAYS_AHEAD * _DAY, _DAY), first, zone)
    write_message(stage, _about_reports(waits), by=lead, request_key="demo-reports", now=now.astimezone(UTC))


def _about_company(due_at: datetime, shown_until: date) -> Content:
    return Content(
        Audience.EVERYBODY.value,
        [],
        [],
        {"sv": "Ta med en granne", "en": "Bring a neighbour"},
        {
            "sv": "%(planned)s planer hittills, och de bästa görs ihop. Se vilka som planerar samma sak.",
            "en": "%(planned)s plans so far, and the best are made together. See who plans the same.",
        },
        "/challenges",
        due_at,
        shown_until,
    )


def _about_reports(due_at: datetime) -> Content:
    return Content(
        Audience.OVERDUE.value,
        [],
        [],
        {"sv": "Tre ord räcker"},
        {"sv": "Din dag har varit. Blev det av eller inte? Båda svaren lär oss något."},
        "/activities/mine",
        due_at,
    )


def _let_some_open_it(key: str, went_out: datetime) -> None:
    """Two of three, within some hours."""
    told = select(Notification).where(Notification.key == key)
    opened = [row for row in db.session.scalars(told) if row.person_id % 3]
    mark_seen(opened, went_out + timedelta(hours=2))


def _weekday(day: date, step: timedelta) -> date:
    while not is_weekday(day):
        day += step
    return day
