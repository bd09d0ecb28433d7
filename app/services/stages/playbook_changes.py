"""What a lead changes in the playbook of a stage: a step switched off and on again, and its text."""

from datetime import datetime

from sqlalchemy import delete, update

from app.extensions import db
from app.models.person import Person
from app.models.playbook import StepOff, StepText
from app.models.programme import LocalText
from app.models.stage import Stage
from app.models.upsert import upsert
from app.services.activities.locking import OvertakenError
from app.services.notifications.playbook import Step


def switch_step(stage: Stage, step: Step, *, is_on: bool, by: Person, now: datetime) -> None:
    """As the lead wants it from now on; the same again changes nothing. On again while it makes sense, it goes out."""
    if is_on:
        row = delete(StepOff).where(StepOff.stage_id == stage.id, StepOff.step == step.name)
        db.session.execute(row, execution_options={"synchronize_session": False})
        return
    off = {"stage_id": stage.id, "step": step.name, "at": now, "by_id": by.id}
    db.session.execute(upsert(StepOff).values(off).on_conflict_do_nothing())


def word_step(
    stage: Stage,
    step: Step,
    title: LocalText,
    body: LocalText,
    *,
    by: Person,
    now: datetime,
    based_on: datetime | None,
) -> None:
    """Give the step texts of its own in that stage, by language; what is empty has the table's. `based_on` is the
    `changed_at` that the writer saw, None when nobody had written anything.

    Raises:
        OvertakenError: when somebody else has changed them since then.
    """
    _wait_for_turn(stage)
    text = db.session.get(StepText, (stage.id, step.name), populate_existing=True)
    if (title, body) == ((text.title, text.body) if text else ({}, {})):
        return  # a retry, or nothing was changed
    if (text.changed_at if text else None) != based_on:
        raise OvertakenError
    if not (title or body):
        db.session.delete(text)
    elif text:
        text.title, text.body, text.changed_at, text.by_id = title, body, now, by.id
    else:
        about = {"stage_id": stage.id, "step": step.name, "changed_at": now, "by_id": by.id}
        db.session.add(StepText(title=title, body=body, **about))


def _wait_for_turn(stage: Stage) -> None:
    """An update that changes nothing, because SQLite has no `SELECT … FOR UPDATE`."""
    unchanged = update(Stage).where(Stage.id == stage.id).values(number=Stage.number)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
