"""The background: wake-ups after the commit, and jobs by the clock that run once."""

from collections.abc import Iterator

import pytest
from flask import Flask
from huey import Huey
from sqlalchemy import select

from app import jobs
from app.extensions import db
from app.models.job import JobRun
from app.models.notification import Mail
from app.models.stage import StageEvent
from app.services.notifications.mail import send_mail
from app.services.upkeep.once import is_first
from tests.cast import Cast
from tests.factories import NOW


@pytest.fixture
def queue(app: Flask) -> Iterator[Huey]:
    registered: jobs.Jobs = app.extensions["jobs"]
    registered.queue.flush()
    yield registered.queue
    registered.queue.flush()


def test_a_commit_with_news_wakes_a_worker(queue: Huey) -> None:
    send_mail("anna@bjuv.se", "Hej", "Hej", now=NOW)
    assert queue.pending_count() == 0
    db.session.commit()
    assert queue.pending_count() == 2
    db.session.commit()
    assert queue.pending_count() == 2


def test_a_queue_that_is_out_of_order_fails_no_commit(
    app: Flask, queue: Huey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("no queue")

    monkeypatch.setitem(app.extensions, "jobs", jobs.Jobs(queue, (broken,)))
    send_mail("anna@bjuv.se", "Hej", "Hej", now=NOW)
    db.session.commit()
    db.session.rollback()
    assert db.session.scalars(select(Mail.to)).all() == ["anna@bjuv.se"]


def test_each_period_is_somebodys_once(app: Flask) -> None:
    assert is_first("begin_due_phases", NOW)
    assert not is_first("begin_due_phases", NOW)
    assert is_first("delete_expired", NOW)


def test_the_jobs_by_the_clock_do_their_work(cast: Cast) -> None:
    _ = cast.alice
    jobs.begin_due_phases()
    jobs.delete_expired()
    assert db.session.scalars(select(StageEvent)).first()
    assert {run.job for run in db.session.scalars(select(JobRun))} == {"begin_due_phases", "delete_expired"}
    jobs.begin_due_phases()


def test_the_queue_knows_its_tasks(queue: Huey) -> None:
    known = {name.rpartition(".")[2] for name in queue._registry._registry}
    assert {"send_mails", "send_pushes", "begin_due_phases", "delete_expired"} <= known


@pytest.mark.parametrize(
    ("hour", "minute", "due"), [(3, 17, True), (4, 17, True), (23, 17, True), (2, 17, False), (4, 18, False)]
)
def test_what_could_not_be_deleted_is_tried_again_within_the_hour(
    queue: Huey, hour: int, minute: int, due: bool
) -> None:
    at = NOW.replace(hour=hour, minute=minute, tzinfo=None)
    names = {task.name for task in queue.read_periodic(at)}
    assert ("delete_expired" in names) == due
