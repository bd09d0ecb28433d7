"""Stages enter their phases, on their dates or moved by a lead. Each is recorded once, and put into the feed."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select, update

from app.extensions import db
from app.models.person import Person
from app.models.savepoint import succeeds
from app.models.stage import PHASE_DATES, Phase, Stage, StageEvent, stages
from app.models.upsert import upsert
from app.services.challenges.of_the_file import announce_opened, keep_to_stage
from app.services.feed import index as feed
from app.services.points.board import close_board, open_board
from app.services.programme.clock import local_today, midnight, programme_zone
from app.services.stages.lesson_draft import begin_draft
from app.services.survey.opening import end_soon

#: How long it is news that a stage has ended after the next one has begun.
_NEWS: Final = timedelta(days=3)

_recorded_phases = select(StageEvent.stage_id, StageEvent.phase)


def begin_due_phases(now: datetime) -> list[StageEvent]:
    """Record every phase whose date has come. Two workers may do it at once: each phase is recorded by one of them.

    If several were missed while the server was down, all are recorded, each at its own date; the latest as of now. A
    phase that cannot begin stops no other, and waits for the next sweep. Challenges of the programme file that have
    opened by now are announced too.
    """
    today = local_today(now)
    events: list[StageEvent] = []
    for stage, phase, is_news in _due_phases(today):
        succeeds(
            partial(_begin, stage, phase, is_news, now, events),
            failing="a phase did not begin; the next sweep tries it again",
            stage=stage.number,
            phase=phase.value,
        )
    succeeds(
        partial(announce_opened, now),
        failing="the challenges that have opened were not announced; the next sweep tries it again",
    )
    return events


def _due_phases(today: date) -> list[tuple[Stage, Phase, bool]]:
    """The phases to record, in the order of their dates, and whether they are still news."""
    current = Stage.current(today)
    recorded = {(event.stage_id, event.phase) for event in db.session.execute(_recorded_phases)}
    due_phases = sorted(
        (stage.begins(phase), stage.number, order, stage, phase)
        for stage in stages()
        for order, (phase, _) in enumerate(PHASE_DATES)
        if stage.begins(phase) <= today and (stage.id, phase.value) not in recorded
    )
    # One stage may end on the day on which the next begins: both are news.
    return [
        (stage, phase, stage.phase(today) == phase and (stage is current or today - date_of_phase < _NEWS))
        for date_of_phase, _number, _order, stage, phase in due_phases
    ]


def _begin(stage: Stage, phase: Phase, is_news: bool, now: datetime, events: list[StageEvent]) -> None:
    begun_at = midnight(stage.begins(phase), programme_zone())
    event = _record(stage, phase, None, now if is_news else begun_at, begun_at)
    events += [event] if event else []


def advance_stage(
    stage: Stage, *, by: Person | None, now: datetime, to: Phase | None = None
) -> StageEvent | None:
    """Move the stage into its next phase by hand: the phase's date becomes today, challenges without days of their own
    follow, and a survey that is still open ends soon. The worker tells everyone concerned (run_playbook.py).

    None when there is nothing to do: the stage has ended, or the one before it has not; somebody else has just moved
    it; or `to` (the phase that the button named) is no longer the next one, because of a double tap.
    """
    today = local_today(now)
    phase = next_phase(stage, today)
    if phase is None or (to is not None and phase != to):
        return None
    column = getattr(Stage, dict(PHASE_DATES)[phase])
    # The condition lets only one of two simultaneous taps through: the other finds the date changed.
    change = update(Stage).where(Stage.id == stage.id, column == stage.begins(phase)).values({column: today})
    if not db.session.execute(change).rowcount:  # type: ignore[attr-defined]
        return None
    db.session.refresh(stage)
    keep_to_stage(stage, now)
    if phase != Phase.MEASURE:
        end_soon(stage, now)
    _record_passed(stage, phase)
    return _record(stage, phase, by, now, now)


def next_phase(stage: Stage, today: date) -> Phase | None:
    """The phase that the stage enters next. None when it has ended, or when the one before it still runs. The phase's
    date is in the future, so moving it to today keeps the dates in order."""
    coming = next((phase for phase, _ in PHASE_DATES if stage.begins(phase) > today), None)
    before = stage.find_previous() if coming == Phase.MEASURE else None
    return None if before and before.phase(today) != Phase.ENDED else coming


def _record_passed(stage: Stage, entered: Phase) -> None:
    """Record the earlier phases that no sweep has recorded yet."""
    for phase in (phase for phase, _ in PHASE_DATES):
        if phase == entered:
            return
        begun_at = midnight(stage.begins(phase), programme_zone())
        _record(stage, phase, None, begun_at, begun_at)


def _record(
    stage: Stage, phase: Phase, by: Person | None, at: datetime, begun_at: datetime
) -> StageEvent | None:
    """Record the event, put it into the feed, and open or close the stage's board as of `begun_at`; None when it has
    been recorded already."""
    row = {"stage_id": stage.id, "phase": phase.value, "at": at, "by_id": by.id if by else None}
    insert = upsert(StageEvent).values(row).on_conflict_do_nothing().returning(StageEvent.id)
    number = db.session.scalar(insert)
    if number is None:
        return None
    event = db.session.get_one(StageEvent, number)
    if phase == Phase.MEASURE:
        open_board(stage, begun_at)
    elif phase == Phase.LEARN:
        begin_draft(stage, at)
    elif phase == Phase.ENDED:
        close_board(stage, begun_at)
    feed.announce(event)
    return event
