"""Scheduled jobs: every worker tries each of them at its time, and one does it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.extensions import db
from app.models.job import JobRun
from app.models.upsert import upsert


def do_once(job: str, period: datetime, work: Callable[[], bool]) -> None:
    """Do the job unless somebody has for that period. If it says that some of it failed, whoever comes next does it
    again."""
    if is_first(job, period) and not work():
        leave_undone(job, period)


def is_first(job: str, period: datetime) -> bool:
    """Whether nobody has done the job for that period yet. Records, in this transaction, that somebody has."""
    insert = upsert(JobRun).values(job=job, period=period).on_conflict_do_nothing().returning(JobRun.job)
    return db.session.scalar(insert) is not None


def leave_undone(job: str, period: datetime) -> None:
    """Something of the job failed: whoever comes next does it again for that period."""
    db.session.execute(delete(JobRun).where(JobRun.job == job, JobRun.period == period))


def day_of(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0)


def week_of(now: datetime) -> datetime:
    """The week's Monday."""
    return day_of(now) - timedelta(days=now.weekday())
