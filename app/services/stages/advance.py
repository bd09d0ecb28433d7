"""Stages enter their phases: by the clock, or moved by a lead. Each phase is recorded, announced and told once."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from app.extensions import db
from app.models.person import Person
from app.models.stage import STEPS, Phase, Stage, StageEvent, stages
from app.models.upsert import upsert
from app.services.feed import index as feed
from app.services.notifications import playbook
from app.services.notifications.notify import notify
from app.services.programme.clock import local_today, midnight, programme_zone

#: How long the end of a stage is worth telling when the next one has begun.
_NEWS: Final = timedelta(days=3)

_recorded = select(StageEvent.stage_id, StageEvent.phase)


def sweep_stages(now: datetime) -> list[StageEvent]:
    """Record every phase whose date has come. Two workers may do it at once: each phase is recorded by one of them.

    If several were missed, while the server was down, all are recorded, each at its own date, but only what is news is
    told: yesterday's would only confuse.
    """
    today = local_today(now)
    current = Stage.current(today)
    recorded = {(event.stage_id, event.phase) for event in db.session.execute(_recorded)}
    reached = sorted(
        (stage.begins(phase), stage.number, order, stage, phase)
        for stage in stages()
        for order, (phase, _) in enumerate(STEPS)
        if stage.begins(phase) <= today and (stage.id, phase.value) not in recorded
    )
    events = []
    for begun, _number, _order, stage, phase in reached:
        # One stage may end on the day on which the next begins: both are news.
        is_news = stage.phase(today) == phase and (stage is current or today - begun < _NEWS)
        event = _record(stage, phase, None, now if is_news else midnight(begun, programme_zone()))
        if event and is_news:
            _tell(event, now)
        events += [event] if event else []
    return events


def advance_stage(
    stage: Stage, *, by: Person | None, now: datetime, to: Phase | None = None
) -> StageEvent | None:
    """Move the stage into its next phase by hand: the phase's date becomes today, and everyone concerned is told.

    None when there is nothing to do: the stage has ended, or the one before it has not; somebody else has just moved
    it; or `to` (the phase that the button named) is not the next one any more, because the tap came twice.
    """
    today = local_today(now)
    phase = next_phase(stage, today)
    if phase is None or (to is not None and phase != to):
        return None
    column = getattr(Stage, dict(STEPS)[phase])
    # The condition makes two taps at once into one: the second finds the date changed.
    moved = update(Stage).where(Stage.id == stage.id, column == stage.begins(phase)).values({column: today})
    if not db.session.execute(moved).rowcount:  # type: ignore[attr-defined]
        return None
    db.session.refresh(stage)
    _record_passed(stage, phase)
    event = _record(stage, phase, by, now)
    if event:
        _tell(event, now)
    return event


def next_phase(stage: Stage, today: date) -> Phase | None:
    """The phase that the stage enters next; None when it has ended, or may not begin since the one before still runs.
    Its date is to come, so moving it to today keeps the dates in order."""
    coming = next((phase for phase, _ in STEPS if stage.begins(phase) > today), None)
    before = stage.find_previous() if coming == Phase.MEASURE else None
    return None if before and before.phase(today) != Phase.ENDED else coming


def _record_passed(stage: Stage, entered: Phase) -> None:
    """What came before and no sweep has seen yet; told after `entered`, it would be old news."""
    for phase in (phase for phase, _ in STEPS):
        if phase == entered:
            return
        _record(stage, phase, None, midnight(stage.begins(phase), programme_zone()))


def _record(stage: Stage, phase: Phase, by: Person | None, at: datetime) -> StageEvent | None:
    """The event, in the feed too; None when it is there already."""
    row = {"stage_id": stage.id, "phase": phase.value, "at": at, "by_id": by.id if by else None}
    insert = upsert(StageEvent).values(row).on_conflict_do_nothing().returning(StageEvent.id)
    number = db.session.scalar(insert)
    if number is None:
        return None
    event = db.session.get_one(StageEvent, number)
    feed.announce(event)
    return event


def _tell(event: StageEvent, now: datetime) -> None:
    stage = event.stage
    for step in playbook.steps(Phase(event.phase)):
        people = select(Person.id).where(Person.is_present, Person.role.in_(step.who))
        notify(
            db.session.scalars(people),
            step.kind,
            key=f"stage:{stage.number}:{event.phase}",
            url=playbook.url_of(step, stage),
            parameters=playbook.parameters_of(step, stage),
            now=now,
        )
