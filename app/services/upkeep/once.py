"""Scheduled jobs: every worker tries each of them at its time, and one does it."""

from datetime import datetime

from sqlalchemy import delete

from app.extensions import db
from app.models.job import JobRun
from app.models.upsert import upsert


def is_first(job: str, period: datetime) -> bool:
    """Whether nobody has done the job for that period yet. Records, in this transaction, that somebody has."""
    insert = upsert(JobRun).values(job=job, period=period).on_conflict_do_nothing().returning(JobRun.job)
    return db.session.scalar(insert) is not None


def leave_undone(job: str, period: datetime) -> None:
    """Something of the job failed: whoever comes next does it again for that period."""
    db.session.execute(delete(JobRun).where(JobRun.job == job, JobRun.period == period))
