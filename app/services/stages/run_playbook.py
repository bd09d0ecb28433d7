"""Sends what the playbook has for a day: the worker looks every minute, and goes through each step once a day.

What has been gone through is kept by step and day, and nobody is told twice of an occasion. So it may be killed, run
late, or run by two workers at once; whatever fails is taken again a minute later, and stops no other step.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import func, select

from app.extensions import db
from app.models.playbook import PlaybookRun, steps_off
from app.models.stage import Stage, stages
from app.models.upsert import upsert
from app.services.notifications import playbook
from app.services.notifications.notify import notify
from app.services.notifications.playbook import PLAYBOOK, Step
from app.services.programme.clock import local_today
from app.services.stages.looking import Call, Looking
from app.services.stages.reach import calls
from app.services.stages.step_parameters import common_parameters, own_texts

#: If more people than this cannot be told, it is not they who are broken: the step waits.
_MOST_UNTOLD: Final = 20

log = structlog.get_logger()


class NobodyToldError(Exception):
    """There were people to tell, and none of them could be told."""


def run_playbook(now: datetime, *, commit: Callable[[], None]) -> None:
    """Take the steps that are due today and have not been taken; note those whose time has passed. `commit` ends each
    portion: who has been told stays told."""
    today = local_today(now)
    all_stages = stages()
    last_days, off, texts = _last_days(), steps_off(), own_texts()
    for stage in all_stages:
        for step in PLAYBOOK:
            last_day = last_days.get((stage.id, step.name))
            if step.when is None or last_day == today:
                continue
            if step.when.is_due(stage, today):
                if (stage.id, step.name) in off:
                    continue  # on again while it makes sense, it goes out
                looking = Looking(step, stage, today, now, last_day)
                own = texts.get((stage.id, step.name), {})
                _take(partial(_send, looking, all_stages, own, commit), step, stage)
            elif last_day is None and step.when.is_over(stage, today):
                _take(partial(_skip, step, stage, today, now, commit), step, stage)


def _last_days() -> dict[tuple[int, str], date]:
    """The day on which each step of a stage was gone through last."""
    row = PlaybookRun
    latest = (
        select(row.stage_id, row.step, func.max(row.day))
        .where(row.finished_at.is_not(None))
        .group_by(row.stage_id, row.step)
    )
    return {(stage_id, step): day for stage_id, step, day in db.session.execute(latest)}


def _take(work: Callable[[], None], step: Step, stage: Stage) -> None:
    try:
        work()
    except Exception:
        log.exception("a step of the playbook failed; it is taken again", step=step.name, stage=stage.number)
        db.session.rollback()
    stages()  # a commit forgets them: they are read again at once, and not one by one


def _send(looking: Looking, all_stages: list[Stage], own: dict[str, Any], commit: Callable[[], None]) -> None:
    common = common_parameters(looking.step, looking.stage, all_stages, looking.today)
    go_through(looking, common | own, commit)


def go_through(looking: Looking, common: dict[str, Any], commit: Callable[[], None]) -> None:
    """Tell portion by portion, the last of which is committed as the step is finished. Whoever cannot be told keeps it
    from nobody else. `common` are the parameters that all have.

    Raises:
        Exception: too many could not be told, or nobody.
    """
    told = untold = 0
    for number, portion in enumerate(calls(looking)):
        if number:
            commit()
        untold += _tell_portion(looking, portion, common, most_untold=_MOST_UNTOLD - untold)
        told += sum(len(call.person_ids) for call in portion)
    if untold and untold == told:
        raise NobodyToldError
    _note(looking, finished_at=looking.now)
    commit()


def _skip(step: Step, stage: Stage, today: date, now: datetime, commit: Callable[[], None]) -> None:
    log.info("a step of the playbook came too late and is left out", step=step.name, stage=stage.number)
    leave_out(Looking(step, stage, today, now, None), commit)


def leave_out(looking: Looking, commit: Callable[[], None]) -> None:
    """Note that it came too late."""
    _note(looking, finished_at=looking.now, is_skipped=True)
    commit()


def _tell_portion(looking: Looking, portion: list[Call], common: dict[str, Any], *, most_untold: int) -> int:
    """Tell all at once; if that fails, each call apart. Returns how many could not be told."""
    if len(portion) > 1:
        try:
            with db.session.begin_nested():
                _note_told(looking, sum(_tell(looking, call, common, call.person_ids) for call in portion))
        except Exception as error:
            log.info("a portion is told apart", step=looking.step.name, error=repr(error))
        else:
            return 0
    untold = 0
    for call in portion:
        tell = partial(_tell_and_note, looking, call, common)
        untold += _tell_by_halves(call.person_ids, tell, most_untold=most_untold - untold)
    return untold


def _tell_and_note(looking: Looking, call: Call, common: dict[str, Any], person_ids: list[int]) -> None:
    _note_told(looking, _tell(looking, call, common, person_ids))


def _note_told(looking: Looking, told: int) -> None:
    if told:
        _note(looking, told=told)


def _tell(looking: Looking, call: Call, common: dict[str, Any], person_ids: list[int]) -> int:
    step, stage = looking.step, looking.stage
    return notify(
        person_ids,
        step.kind,
        key=step.key(stage, call.about),
        url=playbook.url_of(step, stage, lessons_of=common.get("lessons_of"), **call.parts),
        parameters=common | call.parameters,
        now=looking.now,
    )


def _tell_by_halves(person_ids: list[int], tell: Callable[[list[int]], None], *, most_untold: int) -> int:
    """Tell all at once; if that fails, each half, until those are found who cannot be told. Returns their number."""
    try:
        with db.session.begin_nested():
            tell(person_ids)
    except Exception:
        if most_untold <= 0:
            raise
        if len(person_ids) == 1:
            log.exception("somebody could not be told", person=person_ids[0])
            return 1
        middle = len(person_ids) // 2
        untold = _tell_by_halves(person_ids[:middle], tell, most_untold=most_untold)
        return untold + _tell_by_halves(person_ids[middle:], tell, most_untold=most_untold - untold)
    return 0


def _note(
    looking: Looking, *, told: int = 0, finished_at: datetime | None = None, is_skipped: bool = False
) -> None:
    """Add to the step's row of the day, in the transaction of those who were told."""
    row = upsert(PlaybookRun).values(
        stage_id=looking.stage.id,
        step=looking.step.name,
        day=looking.today,
        told=told,
        finished_at=finished_at,
        is_skipped=is_skipped,
    )
    more = {
        "told": PlaybookRun.told + row.excluded.told,
        "finished_at": func.coalesce(row.excluded.finished_at, PlaybookRun.finished_at),
    }
    db.session.execute(row.on_conflict_do_update(index_elements=["stage_id", "step", "day"], set_=more))
