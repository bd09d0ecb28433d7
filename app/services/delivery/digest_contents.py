"""What a digest may tell of: asked when it is put into the outbox, and again when it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, select

from app.extensions import db
from app.models.notification import Notification, takes_pushes
from app.models.person import Person
from app.models.playbook import ReminderStop
from app.services.delivery.answered import answered_reminders, may_remind
from app.services.notifications.inbox import contents_to_withhold, reminders_too_late
from app.services.notifications.kinds import is_muted, kind_named
from app.services.programme.clock import local_today

#: What is older is out of date; it stays in the inbox.
TOO_OLD: Final = timedelta(days=7)


class News(NamedTuple):
    """A notification, as a digest reads it."""

    id: int
    person_id: int
    kind: str
    parameters: dict[str, Any]
    created_at: datetime


NEWS_COLUMNS: Final = tuple(getattr(Notification, name) for name in News._fields)


def reads_digests() -> ColumnElement[bool]:
    """Condition on a person: no push reaches them, and they take mail."""
    return and_(Person.is_present, ~Person.is_paused, Person.takes_digest, ~takes_pushes(Person.id))


def worth_telling(news: Sequence[News], muted_groups: Mapping[int, Sequence[str]], now: datetime) -> set[int]:
    """The numbers of those that are told. `muted_groups` are by person. A few statements, however many there are."""
    wanted = [row for row in news if not is_muted(row.kind, muted_groups[row.person_id])]
    today = local_today(now)
    useless = {row.id for row in wanted if _is_over(row, today)}
    for rows in (contents_to_withhold(wanted), reminders_too_late(wanted), _stopped(wanted)):
        useless |= {row.id for row in rows}
    useless |= _answered(wanted)
    return {row.id for row in wanted} - useless


def _answered(news: Iterable[News]) -> set[int]:
    reminders = [row.id for row in news if may_remind(row.parameters)]
    return answered_reminders(reminders) if reminders else set()


def _is_over(row: News, today: date) -> bool:
    """A plan's day, or the last day of a survey, has passed: then nothing is left to remind of."""
    kind = kind_named(row.kind)
    looks_ahead = kind.is_about_open_plan and not kind.is_answered
    last_day = row.parameters.get("day") if looks_ahead else _last_day(row.parameters)
    return bool(last_day) and date.fromisoformat(str(last_day)) < today


def _last_day(parameters: Mapping[str, Any]) -> Any:
    return parameters.get("last_day") if parameters.get("event") in {"open", "reminder"} else None


def _stopped(news: Iterable[News]) -> list[News]:
    """Reminders of plans of which the person wants no more."""
    reminders = [row for row in news if kind_named(row.kind).is_about_open_plan]
    if not reminders:
        return []
    stops = select(ReminderStop.person_id, ReminderStop.activity_id).where(
        ReminderStop.person_id.in_({row.person_id for row in reminders})
    )
    stopped = {tuple(row) for row in db.session.execute(stops)}
    return [row for row in reminders if (row.person_id, row.parameters.get("contribution_id")) in stopped]
