"""A sweep of many things, one of which is broken: the others are swept, and the broken one is tried again soon."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from app import jobs
from app.extensions import db
from app.models.job import JobRun
from app.models.notification import DeliveryState, Mail
from app.models.sign_in import SESSION_LIFE, DeviceSession
from app.services.upkeep import retention
from app.services.upkeep.retention import KEEP_FOR, delete_expired
from tests.cast import Cast
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("app")

Break = Callable[[str], None]


@pytest.fixture
def break_table() -> Iterator[Break]:
    """Make every deletion from a table fail, as a damaged index or a forgotten trigger would."""
    broken: set[str] = set()

    def refuse(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if any(statement.startswith(f"DELETE FROM {table} ") for table in broken):
            raise IntegrityError(statement, {}, Exception("broken"))

    engine = db.engine.engine
    event.listen(engine, "before_cursor_execute", refuse)
    yield broken.add
    event.remove(engine, "before_cursor_execute", refuse)


def leave_something_old(cast: Cast) -> None:
    old = NOW - KEEP_FOR - timedelta(days=1)
    state = DeliveryState.DELIVERED.value
    db.session.add(Mail(to="a@b.se", subject="", body="", state=state, due_at=old, settled_at=old))
    db.session.add(JobRun(job="old", period=old))
    begun = NOW - SESSION_LIFE - timedelta(days=1)
    device = DeviceSession(person=cast.alice, token_hash="x", label="", created_at=begun, seen_at=begun)
    db.session.add(device)
    db.session.commit()


def remaining() -> set[str]:
    tables = {"mail": Mail.id, "device_session": DeviceSession.id}
    left = {name for name, column in tables.items() if db.session.scalar(select(column))}
    return left | ({"job_run"} if db.session.scalar(select(JobRun).where(JobRun.job == "old")) else set())


@pytest.mark.parametrize("table", ["mail", "job_run", "device_session", "delivery"])
def test_one_kind_that_cannot_be_deleted_keeps_no_other(cast: Cast, break_table: Break, table: str) -> None:
    leave_something_old(cast)
    break_table(table)
    assert not delete_expired(NOW)
    db.session.commit()
    assert remaining() == {table} - {"delivery"}


def test_what_failed_is_tried_again_at_the_next_hour_and_then_the_day_is_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = [False, False, True]
    tried: list[datetime] = []

    def delete(now: datetime) -> bool:
        tried.append(now)
        return outcomes.pop(0)

    monkeypatch.setattr(retention, "delete_expired", delete)
    for hour in range(3, 9):
        with time_machine.travel(datetime(2026, 11, 26, hour, 17, tzinfo=NOW.tzinfo), tick=False):
            jobs.delete_expired()
    assert [moment.hour for moment in tried] == [3, 4, 5]


@pytest.mark.usefixtures("at_now")
def test_a_job_that_breaks_off_counts_as_not_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(_now: datetime) -> bool:
        db.session.execute(text("select no_such_column"))
        return True

    monkeypatch.setattr(retention, "delete_expired", break_off)
    with pytest.raises(Exception, match="no_such_column"):
        jobs.delete_expired()
    db.session.rollback()
    assert db.session.scalars(select(JobRun)).all() == []
