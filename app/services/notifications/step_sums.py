"""What comes of the playbook's notifications, added to the sums of the step and day they were told on: how many were
opened, and how many were followed by switching their group off.

Only sums are kept, in the transaction of what they count, so nobody can read out of them who it was.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db
from app.models.notification import Notification
from app.models.person import Person
from app.models.playbook import PlaybookRun
from app.models.stage import Stage
from app.services.notifications.kinds import KINDS, is_muted, kind_named
from app.services.programme.clock import local_today

#: For so long after a notification it is asked what came of it.
AFTERWARDS: Final = timedelta(days=2)


class _Occasion(NamedTuple):
    """The step that was told, in which stage, on which day of the programme's calendar."""

    step: str
    stage_number: int
    day: date


def count_opened(rows: Iterable[Any]) -> None:
    """Rows of `kind`, `parameters` and `created_at`, of notifications that have just been opened for the first time.

    Kinds whose opening keeps no time are left out: nobody may learn who opened the survey.
    """
    timed = [row for row in rows if kind_named(row.kind).opening_is_timed]
    _add(PlaybookRun.opened, Counter(filter(None, map(_occasion, timed))))


class Deaf(NamedTuple):
    """What keeps pushes and mail from somebody: the groups that are off, and whether they have paused."""

    muted_groups: Collection[str]
    is_paused: bool

    def is_deaf_to(self, kind: str) -> bool:
        return self.is_paused or is_muted(kind, self.muted_groups)


def count_switched_off(person: Person, before: Deaf, now: datetime) -> None:
    """The person has changed what they want to hear of, and `before` is how it was. What they were told within the last
    two days of groups that are off by now is added to the sums of switching off; whoever changes their mind within
    those days is taken off again, so that a slip of the finger counts for nothing.

    A sum cannot know who was told while the group was off already: switching it on then takes off one too many, down to
    none. That is the price for keeping no trace of when somebody changed what.
    """
    after = Deaf(person.muted_groups, person.is_paused)
    changed = {kind: after.is_deaf_to(kind) - before.is_deaf_to(kind) for kind in _KINDS}
    kinds = [kind for kind, step in changed.items() if step]
    if not kinds:
        return
    counts: Counter[_Occasion] = Counter()
    for row in _told_lately(person, kinds, now):
        if occasion := _occasion(row):
            counts[occasion] += changed[row.kind]
    _add(PlaybookRun.switched_off, counts)


#: Less the survey: it counts in no sum.
_KINDS: Final = {kind.value for kind, row in KINDS.items() if row.opening_is_timed}


def _told_lately(person: Person, kinds: list[str], now: datetime) -> Iterable[Any]:
    lately = select(Notification.kind, Notification.parameters, Notification.created_at)
    mine = (Notification.person_id == person.id, Notification.kind.in_(kinds))
    return db.session.execute(lately.where(*mine, Notification.created_at > now - AFTERWARDS))


def _occasion(row: Any) -> _Occasion | None:
    """None for what is no step of the playbook."""
    step, number = row.parameters.get("step"), row.parameters.get("number")
    return _Occasion(step, number, local_today(row.created_at)) if step and number else None


def _add(column: InstrumentedAttribute[int], counts: Counter[_Occasion]) -> None:
    """In the order of steps and days, so that two who do this at the same time wait for each other in turn."""
    for occasion, count in sorted(counts.items()):
        of_stage = select(Stage.id).where(Stage.number == occasion.stage_number).scalar_subquery()
        run = (PlaybookRun.stage_id == of_stage, PlaybookRun.step == occasion.step)
        statement = update(PlaybookRun).where(*run, PlaybookRun.day == occasion.day)
        db.session.execute(
            statement.values({column: _at_least_none(column + count)}),
            execution_options={"synchronize_session": False},
        )


def _at_least_none(total: ColumnElement[int]) -> Any:
    return case((total < 0, 0), else_=total)
