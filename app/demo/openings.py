"""What the calendar brings about: phases and challenges open, and the playbook goes out."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.models.challenge import Challenge
from app.models.stage import PHASE_DATES, Stage
from app.services.challenges.of_the_file import announce_opened
from app.services.notifications.playbook import PLAYBOOK
from app.services.stages.advance import begin_due_phases
from app.services.stages.run_playbook import run_playbook

#: On so many of the last days the playbook goes out: the inboxes look as if it had on every day.
_DAYS_OF_REMINDERS: Final = 10


class Step(NamedTuple):
    """Something that happens at that moment."""

    at: datetime
    act: Callable[[], object]


def openings_of(stages: tuple[Stage, ...], today: date, zone: str) -> Iterator[Step]:
    """Announces the phases that have begun, and the challenges that have opened, each in the morning of its day."""
    phases = {getattr(stage, column) for stage in stages for _phase, column in PHASE_DATES}
    openings = set(db.session.scalars(select(Challenge.opens_on)))
    days_of_steps = {step.when.day(stage) for stage in stages for step in PLAYBOOK if step.when}
    lately = {today - timedelta(days=days) for days in range(1, _DAYS_OF_REMINDERS)}
    for days, announce in (
        (phases, begin_due_phases),
        (openings, announce_opened),
        # Today's comes last, with what is left waiting.
        (
            phases | lately | {day for day in days_of_steps if day},
            partial(run_playbook, commit=db.session.flush),
        ),
    ):
        for day in sorted(one for one in days if one <= today):
            morning = datetime.combine(day, time(7), ZoneInfo(zone)).astimezone(UTC)
            yield Step(morning, partial(announce, morning))
